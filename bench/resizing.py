"""A picture with many markers whose width changes with every frame, in a real Chromium.

`python -m bench.resizing [markers …]`: frames a second, the longest time between two, and how much of the main thread.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.fed_node import fed_node
from bench.in_chromium import CHROMIUM, chromium, open_picture

SECONDS = 5
AT_ONCE = 1_000
MARKERS = (500, 5_000)
RESIZE = """(seconds) => new Promise((done) => {
  const picture = document.getElementById("picture");
  const gaps = [];
  let last = performance.now();
  const began = last;
  const frame = (now) => {
    gaps.push(now - last); last = now;
    picture.style.width = `${600 + 200 * Math.sin((now - began) / 300)}px`;
    if (now - began < 1000 * seconds) requestAnimationFrame(frame); else done(gaps.slice(1));
  };
  requestAnimationFrame(frame);
})"""
DRAWN = """(count) => document.querySelector("image-chat-layer").shadowRoot
  .querySelectorAll("[data-marker]").length === count"""


@dataclass(frozen=True, slots=True)
class Resizing:
    """What was seen; `main` is the part of the main thread's time that was spent."""

    markers: int
    frames_per_second: float
    longest_gap_ms: float
    main: float


async def resizing(markers: int) -> Resizing:
    """Measure with so many markers on the picture."""
    async with fed_node() as node, chromium() as browser:
        await node.feed("resized", {"mark": 100}, markers / AT_ONCE, AT_ONCE)
        page = await open_picture(browser, node, "resized")
        await page.wait_for_function(DRAWN, arg=markers, timeout=120_000)
        session = await page.context.new_cdp_session(page)
        await session.send("Performance.enable")

        async def spent() -> float:
            metrics: dict[str, Any] = await session.send("Performance.getMetrics")
            return next(float(one["value"]) for one in metrics["metrics"] if one["name"] == "TaskDuration")

        before = await spent()
        gaps: list[float] = await page.evaluate(RESIZE, SECONDS)
        main = (await spent() - before) * 1000 / sum(gaps)
        return Resizing(markers, 1000 * len(gaps) / sum(gaps), max(gaps), main)


def main() -> None:
    """Measure and print a table in Markdown."""
    if not Path(CHROMIUM).exists():
        print(f"left out: no Chromium at {CHROMIUM}")
        return
    print("| markers | frames/s | longest time between two | main thread |\n| --- | --- | --- | --- |")
    for count in [int(each) for each in sys.argv[1:]] or MARKERS:
        found = asyncio.run(resizing(count))
        print(
            f"| {found.markers:,} | {found.frames_per_second:.0f} | {found.longest_gap_ms:.0f} ms | {found.main:.0%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
