"""The widget in a real Chromium: while 1,000 events a second come from a real node, and while nothing comes at all.

`python -m bench.browser_load`, or `await browser_load()` for the figures.
"""

import asyncio
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, CDPSession, Page

from bench.fed_node import RATE, TENANT, FedNode, fed_node
from bench.in_chromium import CHROMIUM, PICTURE, chromium, open_picture
from bench.processes import LeftOut
from bench.results import Run

SECONDS = 10
MARKERS_BEFORE = 500
IDLE_SECONDS = 10
SETTLE_SECONDS = 3
"""For what loading leaves to do."""

PAINTS = 20

MIXES: dict[str, dict[str, int]] = {
    "everything": {"mark": 30, "comment": 30, "busy": 20, "move": 8, "edit": 6, "uncomment": 3, "unmark": 3},
    "new markers": {"mark": 100},
    "comments in the open window": {"busy": 100},
}
"""What happens, by name, in percent."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a page felt while events came. Milliseconds, but `frames_per_second`.

    `inputs`: from each press of a key or the mouse to the end of the first frame after it, in rising order.
    """

    mix: str
    events: int
    seconds: float
    arrays: int
    long_tasks: tuple[float, ...]
    longest_frame: float
    frames_per_second: float
    inputs: tuple[float, ...]
    script: float
    tasks: float


@dataclass(frozen=True, slots=True)
class Idle:
    """What a page costs while nothing happens, over `IDLE_SECONDS`. Milliseconds.

    `cpu` is the renderer process, all of its threads; `tasks` and `script` are its main thread.
    """

    page: str
    cpu: float
    tasks: float
    script: float


@dataclass(frozen=True, slots=True)
class BrowserLoad:
    """All of it. `paint_ms`: the renderer's processor time to decode and paint the picture once."""

    loads: tuple[Load, ...]
    idles: tuple[Idle, ...]
    paint_ms: float


WATCH = """
window.felt = { longTasks: [], inputs: [], frames: 0, longestFrame: 0, arrays, began: performance.now() };
const durations = (entries) => entries.map((one) => one.duration);
window.longTasks = new PerformanceObserver((list) => felt.longTasks.push(...durations(list.getEntries())));
longTasks.observe({ type: "longtask" });
let last = performance.now();
const frame = (now) => {
  felt.frames += 1; felt.longestFrame = Math.max(felt.longestFrame, now - last); last = now;
  if (!felt.isOver) requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
for (const type of ["keydown", "pointerdown"])
  addEventListener(type, ({ timeStamp }) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel(); // its message comes after the frame's layout and paint
    port1.onmessage = () => felt.inputs.push(performance.now() - timeStamp);
    port2.postMessage(null);
  }), true);
"""
FELT = """() => {
  felt.isOver = true;
  felt.longTasks.push(...longTasks.takeRecords().map((one) => one.duration));
  return { ...felt, arrays: arrays - felt.arrays, took: performance.now() - felt.began };
}"""
DIFFERENCE = """async ({ origin, tenant, urlId, thread }) => {
  const get = async (path) => (await fetch(origin + path)).json();
  const { conversations, seq } = await get(`/comment-image-chats/${tenant}?urlId=${urlId}`);
  const face = ({ resolved, commentCount }) =>
    commentCount <= 0 || resolved ? "" : commentCount > 99 ? "99+" : String(commentCount);
  const wanted = conversations.map((one) => `${one._id} ${one.x} ${one.y} ${face(one)}`).sort();
  const root = document.querySelector("image-chat-layer").shadowRoot;
  const shown = [...root.querySelectorAll("[data-marker]")].map(({ dataset, style, textContent }) =>
    `${dataset.marker} ${parseFloat(style.left)} ${parseFloat(style.top)} ${textContent.trim()}`).sort();
  const missing = wanted.filter((one) => !shown.includes(one)).length;
  const { commentCount } = conversations.find((one) => one.urlId === thread);
  const title = root.querySelector("[data-window] h2").textContent;
  return { seq, missing, extra: shown.length - wanted.length, title, commentCount };
}"""


async def _open_window(page: Page, thread: str) -> None:
    await page.locator(f'[data-key="{thread}"]').dispatch_event("click")
    await page.locator("[data-thread=loaded]").wait_for()


async def _load(browser: Browser, node: FedNode, mix: str, seconds: float) -> Load:
    picture = mix.replace(" ", "-")
    await node.feed(picture, MIXES["new markers"], 1, MARKERS_BEFORE)
    page = await open_picture(browser, node, picture)
    await _open_window(page, f"{picture}-1")
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    before = await _spent(session)
    await page.evaluate(WATCH)
    feeding = asyncio.create_task(node.feed(picture, MIXES[mix], seconds))
    text = page.locator("[data-window] [data-text]")
    while not feeding.done():
        await text.click()
        await text.press("a")
        await asyncio.sleep(0.2)
    await feeding
    felt: dict[str, Any] = await page.evaluate(FELT)
    after = await _spent(session)
    await _check(page, node, picture)
    await page.close()
    return Load(
        mix=mix,
        events=int(seconds * RATE),
        seconds=felt["took"] / 1000,
        arrays=felt["arrays"],
        long_tasks=tuple(felt["longTasks"]),
        longest_frame=felt["longestFrame"],
        frames_per_second=1000 * felt["frames"] / felt["took"],
        inputs=tuple(sorted(felt["inputs"])),
        script=after["ScriptDuration"] - before["ScriptDuration"],
        tasks=after["TaskDuration"] - before["TaskDuration"],
    )


async def _check(page: Page, node: FedNode, picture: str) -> None:
    """Wait until the page shows what a fresh snapshot holds, marker by marker. Raises when it never does."""
    given = {"origin": node.address, "tenant": TENANT, "urlId": picture, "thread": f"{picture}-1"}
    for _ in range(40):
        found = await page.evaluate(DIFFERENCE, given)
        comments = f"{found['commentCount']} comment{'s' * (found['commentCount'] != 1)}"
        if not found["missing"] and not found["extra"] and found["title"] == comments:
            return
        await asyncio.sleep(0.25)
    message = f"the page is not what a snapshot is: {found}"
    raise SystemExit(message)


async def _spent(session: CDPSession) -> dict[str, float]:
    """Return what the page's main thread has done so far, in milliseconds."""
    found = await session.send("Performance.getMetrics")
    return {one["name"]: 1000 * one["value"] for one in found["metrics"] if one["name"].endswith("Duration")}


async def _cpu_ms(browser: Browser) -> float:
    """Return the processor time of the renderers' threads so far, to the nanosecond (Linux's schedstat)."""
    session = await browser.new_browser_cdp_session()
    found = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    pids = [one["id"] for one in found["processInfo"] if one["type"] == "renderer"]
    return sum(map(_threads_ms, pids))


def _threads_ms(pid: int) -> float:
    return sum(int(one.read_text().split()[0]) for one in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e6


async def _idle(browser: Browser, page: Page, name: str) -> Idle:
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    await asyncio.sleep(SETTLE_SECONDS)
    spent, cpu = await _spent(session), await _cpu_ms(browser)
    await asyncio.sleep(IDLE_SECONDS)
    cpu = await _cpu_ms(browser) - cpu
    after = await _spent(session)
    await page.close()
    return Idle(
        page=name,
        cpu=cpu,
        tasks=after["TaskDuration"] - spent["TaskDuration"],
        script=after["ScriptDuration"] - spent["ScriptDuration"],
    )


async def _idles(browser: Browser, node: FedNode) -> tuple[Idle, ...]:
    await node.feed("idle", MIXES["new markers"], 1, 100)
    alone = await _idle(browser, await open_picture(browser, node, None), "the picture alone")
    idle = await _idle(browser, await open_picture(browser, node, "idle"), "with the widget, 100 markers")
    page = await open_picture(browser, node, "idle")
    await _open_window(page, "idle-1")
    return alone, idle, await _idle(browser, page, "with a window open")


async def _paint(browser: Browser, node: FedNode) -> float:
    page = await open_picture(browser, node, None)
    await asyncio.sleep(SETTLE_SECONDS)
    paint = """async (src) => {
      const picture = document.getElementById("picture");
      picture.src = src;
      await picture.decode();
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }"""
    took = []
    for number in range(PAINTS):
        cpu = await _cpu_ms(browser)
        await page.evaluate(paint, f"{node.address}{PICTURE}?{number}")
        took.append(await _cpu_ms(browser) - cpu)
    await page.close()
    return statistics.median(took)


async def browser_load(seconds: float = SECONDS, mixes: tuple[str, ...] = tuple(MIXES)) -> BrowserLoad | None:
    """Measure; None where there is no Chromium. Raises `SystemExit` when a page does not show what happened."""
    if not Path(CHROMIUM).exists():  # noqa: ASYNC240 -- before anything runs
        return None
    async with fed_node() as node, chromium() as browser:
        loads = [await _load(browser, node, mix, seconds) for mix in mixes]
        return BrowserLoad(tuple(loads), await _idles(browser, node), await _paint(browser, node))


def in_the_browser() -> Iterator[Run]:
    """Measure, as runs of the benchmark. Raises `LeftOut` without Chromium."""
    found = asyncio.run(browser_load())
    if found is None:
        message = f"there is no Chromium at {CHROMIUM}"
        raise LeftOut(message)
    for load in found.loads:
        figures = {
            "events_s": load.events / load.seconds,
            "long_tasks": len(load.long_tasks),
            "longest_task_ms": max(load.long_tasks, default=0),
            "frames_s": load.frames_per_second,
            "press_ms": {"p50": statistics.median(load.inputs), "max": load.inputs[-1]},
            "main_thread": load.tasks / load.seconds / 1000,
        }
        yield Run("browser busy", load.mix, figures)
    for idle in found.idles:
        yield Run("browser idle", idle.page, {"cpu_ms": idle.cpu, "tasks_ms": idle.tasks, "script_ms": idle.script})
    yield Run("browser idle", "painting the picture once", {"cpu_ms": found.paint_ms})


def main() -> None:
    """Measure and print."""
    found = asyncio.run(browser_load(mixes=tuple(sys.argv[1:]) or tuple(MIXES)))
    if found is None:
        print(f"left out: no Chromium at {CHROMIUM}")
        return
    print(report(found))


def report(found: BrowserLoad) -> str:
    """Return the figures as two tables in Markdown."""
    lines = [
        f"While {RATE:,} events/s come, on a picture with {MARKERS_BEFORE} markers, a window open and somebody typing:",
        "",
        "| what comes | events, in arrays | tasks over 50 ms | frames/s | longest frame | press to frame | main |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(
            f"| {load.mix} | {load.events:,} in {load.arrays} "
            f"| {len(load.long_tasks)}: {sum(load.long_tasks):,.0f} ms, worst {max(load.long_tasks, default=0):.0f} ms "
            f"| {load.frames_per_second:.0f} | {load.longest_frame:.0f} ms "
            f"| {statistics.median(load.inputs):.0f} and {load.inputs[-1]:.0f} ms of {len(load.inputs)} "
            f"| {load.tasks / load.seconds / 10:.0f} % |"
            for load in found.loads
        ),
        "",
        f"Over {IDLE_SECONDS} s in which nothing happens; painting the picture once takes {found.paint_ms:.1f} ms:",
        "",
        "| page | renderer's processor time | main thread's tasks | of these, script |",
        "| --- | --- | --- | --- |",
        *(f"| {one.page} | {one.cpu:.1f} ms | {one.tasks:.1f} ms | {one.script:.1f} ms |" for one in found.idles),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
