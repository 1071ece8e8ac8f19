"""What docs/embedding.md shows works as it stands there, and leaves nothing behind."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import expect

from browser.embedding import Pages
from browser.visitor import NewVisitor, Visitor
from documents import REPOSITORY
from running import TENANT, RunningNode

GUIDES = REPOSITORY / "docs" / "embedding.md"
WEB = REPOSITORY / "web"


@pytest.fixture(scope="module")
def package() -> Path:
    """The package, built as its users would."""
    subprocess.run(["npm", "run", "build-package"], cwd=WEB, check=True, capture_output=True)
    return WEB / "package"


@pytest.fixture(params=["jsx", "vue", "svelte"])
def guide(package: Path, shared_node: RunningNode, pages: Pages, request: pytest.FixtureRequest) -> str:
    """A guide's language; what it shows is built and served."""
    language = str(request.param)
    words = ["node", "guides/build.mjs", language, shared_node.url, TENANT, language]
    subprocess.run(words, cwd=package, check=True)
    for file in (package / "dist" / "guides" / language / "built").glob("*.js"):
        pages.pages[f"/{language}/{file.name}"] = (file.read_text("utf-8"), {})
    return language


async def talks(ada: Visitor, name: str) -> None:
    await ada.pin(40, 40, f"By {name}")
    await ada.sees_comments(f"By {name}")
    await ada.is_confirmed()
    await expect(ada.page.locator("image-chat-layer")).to_have_count(1)


async def test_M21_the_plain_guide_works(new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages) -> None:
    shown = GUIDES.read_text("utf-8").partition("```html\n")[2].partition("```")[0]
    for name, own in {
        "https://chat.example.org": shared_node.url,
        "acme": TENANT,
        "floor-plan": "plain",
        "plan.png": "/picture.svg",
    }.items():
        shown = shown.replace(name, own)
    ada = await new_visitor()
    await ada.open(pages.put(f"<!doctype html><title>A page</title>{shown}"))
    await talks(ada, "nothing")
    await ada.page.evaluate("chat.update({readonly: true})")
    await expect(ada.page.locator("[data-surface]")).to_have_count(0)
    await ada.page.evaluate("chat.destroy()")
    await expect(ada.page.locator("image-chat-layer")).to_have_count(0)


async def test_M21_a_guide_mounts_follows_its_properties_and_unmounts_cleanly(
    new_visitor: NewVisitor, pages: Pages, guide: str
) -> None:
    ada = await new_visitor()
    script = f'<div id="app"></div><script type="module" src="/{guide}/main.js"></script>'
    await ada.open(pages.put(f"<!doctype html><title>A page</title>{script}"))
    await talks(ada, guide)
    await ada.page.evaluate("window.show(true)")
    await expect(ada.page.locator("[data-surface]")).to_have_count(0)
    await ada.page.evaluate("window.show(false)")
    await expect(ada.page.locator("[data-surface]")).to_have_count(1)
    await ada.page.evaluate("window.unmount()")
    await expect(ada.page.locator("image-chat-layer, img")).to_have_count(0)


def test_the_package_has_what_it_says(package: Path) -> None:
    exports = json.loads((package / "package.json").read_text("utf-8"))["exports"]
    assert all((package / file).is_file() for entry in exports.values() for file in entry.values())


def test_every_guide_is_run() -> None:
    assert set(re.findall(r"^```(\w+)$", GUIDES.read_text("utf-8"), re.MULTILINE)) == {"html", "jsx", "vue", "svelte"}
