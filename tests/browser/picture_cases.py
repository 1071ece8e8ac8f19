"""Every way in which a page may show a picture, as one page: a cell for each, and what some of them do later."""

from itertools import product

WIDTH, HEIGHT = 400, 300
DOTS = {"red": (50.0, 50.0), "lime": (38.0, 42.0), "blue": (62.0, 55.0)}
"""Where the markers are, in percent, and the colour of the dot under each."""
SPOT = (55.0, 40.0)
"""Where nobody has been yet; the dot there is magenta."""
CELL_WIDTH, CELL_HEIGHT, COLUMNS = 200, 170, 7


def picture(scale: float = 1) -> str:
    """Return a picture with its dots, `scale` times as large."""
    dots = "".join(
        f'<circle cx="{WIDTH * x / 100}" cy="{HEIGHT * y / 100}" r="8" fill="{colour}"/>'
        for colour, (x, y) in {**DOTS, "magenta": SPOT}.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH * scale}" height="{HEIGHT * scale}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f'<rect width="100%" height="100%" fill="#ddd"/>{dots}</svg>'
    )


def fits() -> dict[str, str]:
    """Return every `object-fit` with every kind of `object-position`."""
    positions = [
        "50% 50%",
        "0% 100%",
        "-10px 15px",
        "right 20% bottom -25px",
        "calc(50% + 6px) top",
        "calc(20% + 3px) center",
    ]
    size = "width: 130px; height: 140px"
    return {
        f"{fit}, {position}": f'<img style="{size}; object-fit: {fit}; object-position: {position}">'
        for fit, position in product(("fill", "contain", "cover", "none", "scale-down"), positions)
    }


def styled() -> dict[str, str]:
    """Return boxes and transforms of the picture's own, and of what is around it."""
    own = {
        "border and padding": "border: solid black; border-width: 1px 9px 4px 2px; padding: 3px 12px 1px 7px",
        "border-box": "box-sizing: border-box; border: 6px solid black; padding: 5px 2px 9px 1%",
        "scaled": "transform: scale(1.3)",
        "rotated": "transform: rotate(30deg)",
        "upside down": "transform: rotate(180deg)",
        "a quarter, from a corner": "transform: rotate(90deg); transform-origin: 20% 60%",
        "mirrored": "transform: scaleX(-1)",
        "skewed": "transform: skew(15deg, 5deg)",
        "moved": "translate: 20px 5%; transform: translate(-5%, 4px)",
        "all of them": "rotate: 20deg; scale: 0.9 1.1; translate: 4px 4px; transform: skewX(10deg) rotate(-50deg)",
        "translateZ": "transform: translateZ(0); will-change: transform",
        "zoomed": "zoom: 1.4",
        "zoomed and rotated": "zoom: 0.8; transform: rotate(-20deg); padding: 6px",
        "relative": "position: relative; left: 11px; top: 7px",
        "absolute": "position: absolute; right: 13px; bottom: 9px",
        "floating": "float: right",
        "in fractions": "width: 100.4px; height: 80.7px; margin: 3.3px",
        "by its ratio": "width: auto; height: auto; max-width: 77%; aspect-ratio: 2",
    }
    outer = {
        "scaled around": "transform: scale(0.7)",
        "rotated around": "transform: rotate(-40deg)",
        "mirrored around": "transform: scale(-1, 1)",
        "zoomed around": "zoom: 1.3",
        "flex": "display: flex; gap: 10px; justify-content: end; align-items: center; height: 140px",
        "grid": "display: grid; place-items: center; height: 140px",
        "columns": "columns: 2",
        "right to left": "direction: rtl",
        "vertical": "writing-mode: vertical-rl",
        "sideways": "writing-mode: vertical-lr; direction: rtl; text-align: end",
        "relative around": "position: relative; padding: 9px",
        "sticky": "position: sticky; top: 0; left: 20px",
        "contained": "contain: layout paint; padding: 8px",
        "scrolling": "overflow: auto; width: 150px; height: 42px",
        "scrolling, positioned": "position: relative; overflow: auto; width: 150px; height: 42px",
    }
    return {
        **{name: f'<img style="{style}">' for name, style in own.items()},
        **{name: f'<div style="{style}"><img></div>' for name, style in outer.items()},
        "rotated twice": '<div style="transform: rotate(30deg) scale(0.8)"><img style="rotate: 45deg"></div>',
        "skewed in a zoomed one": '<div style="zoom: 1.2"><img style="transform: skewY(20deg)"></div>',
    }


def placed() -> dict[str, str]:
    """Return places in a document that are out of the usual."""
    return {
        "<picture>": '<picture><source srcset="SRC" media="(min-width: 1px)"><img></picture>',
        "a turned <picture>": '<picture style="display: block; transform: rotate(15deg)"><img></picture>',
        "srcset": '<img srcset="SRC 1x, LARGE 2x">',
        "in a link": '<a href="#nowhere"><img></a>',
        "in a table": "<table><tr><td>1</td><td><img></td></tr></table>",
        "in a list, by a text": "<ul dir=rtl><li>words <img> words</li></ul>",
        "in a shadow": "<div data-shadow='<p>in</p><img style=\"margin: 4px\">'></div>",
        "in a slot": "<div data-shadow=\"<ul style='rotate: 9deg'><slot></slot></ul>\"><img></div>",
        "lazy": '<img loading="lazy">',
        "a dialog": "<dialog open style='position: static; padding: 5px'><img></dialog>",
        "moved later": "<div><img></div><div data-later='move' style=\"padding: 11px\"></div>",
        "removed and put back": "<div data-later='remove'><img></div><p>below</p>",
        "hidden, shown later": "<div data-later='show' style='display: none'><img></div>",
        "another picture later": "<img data-later='src'>",
        "broken, another one later": "<img data-src='data:image/png,none' data-later='mend'>",
        "another srcset later": "<img data-later='srcset'>",
        "all around it made anew later": "<div data-later='rewrap'><img></div>",
        "fitted later": "<img data-later='fit' style='width: 130px; height: 140px'>",
        "fitted from outside later": "<div data-later='class'><img style='width: 130px; height: 140px'></div>",
        "turned later": "<div data-later='turn'><img></div>",
        "the layer removed by the page": "<div data-later='keep'><img></div>",
        "a modal dialog later": "<dialog data-later='modal' style='margin: 0; inset: auto'><img></dialog>",
        "a popover later": "<div popover data-later='popover' style='margin: 0; inset: auto'><img></div>",
        "scrolled later": "<div data-later='scroll' style='overflow: auto; width: 150px; height: 42px'><img></div>",
    }


LATER = """
const later = {
  move: (one) => one.append(one.previousElementSibling.querySelector("img")),
  remove: (one) => {
    const image = one.querySelector("img");
    image.remove();
    return () => one.prepend(image);
  },
  show: (one) => { one.style.display = "" },
  src: (one) => { one.src = LARGE; one.style.objectFit = "contain" },
  mend: (one) => { one.src = SMALL },
  srcset: (one) => { Object.assign(one, { srcset: LARGE }); one.style.objectFit = "contain" },
  rewrap: (one) => {
    const figure = document.createElement("figure");
    figure.style.margin = "3px 9px";
    figure.append(one.querySelector("img"));
    one.replaceChildren(document.createElement("b"), figure);
  },
  fit: (one) => { one.style.objectFit = "contain"; one.style.objectPosition = "0 100%" },
  class: (one) => one.classList.add("fits"),
  turn: (one) => { one.style.transform = "rotate(180deg)" },
  keep: (one) => one.replaceChildren(one.querySelector("img")),
  modal: (one) => placeIn(one, () => one.showModal()),
  popover: (one) => placeIn(one, () => one.showPopover()),
  scroll: (one) => { one.scrollTop = 20 },
};
function placeIn(one, show) {
  const { x, y } = one.parentElement.getBoundingClientRect();
  show();
  Object.assign(one.style, { position: "fixed", left: x + "px", top: y + "px" });
}
function change(selector) {
  const last = [...document.querySelectorAll(selector)].map((one) => later[one.dataset.later](one));
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
    for (const one of last) { if (typeof one === "function") one() }
    done();
  })));
}
"""


def page_of(cells: dict[str, str], script_origin: str, config: str, small: str, large: str) -> str:
    """Return a page with a cell for each, and functions to mount, to change and to see them."""
    shown = "".join(
        f'<div class="cell" data-name="{name}" style="left: {number % COLUMNS * CELL_WIDTH}px;'
        f' top: {number // COLUMNS * CELL_HEIGHT}px"><div class="in">{body}</div></div>'
        for number, (name, body) in enumerate(cells.items())
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Cases</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>'
        "body { margin: 0; font: 10px sans-serif } dialog, [popover] { border: 1px solid; padding: 0 }"
        f".cell {{ position: absolute; width: {CELL_WIDTH}px; height: {CELL_HEIGHT}px }}"
        ".in { margin: 14px 18px } img { width: 120px; height: 90px } .fits img { object-fit: contain }"
        f"</style><body>{shown.replace('SRC', small).replace('LARGE', large)}"
        f'<script src="{script_origin}/embed-image-chat.min.js"></script>'
        f"<script>const SMALL = {small!r}, LARGE = {large!r}, CONFIG = {config};{LATER}{SEEING}</script></body></html>"
    )


SEEING = """
for (const host of document.querySelectorAll("[data-shadow]")) {
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("img { width: 120px; height: 90px }");
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = host.dataset.shadow;
}
const cells = [...document.querySelectorAll(".cell")];
const inside = (cell, selector) => {
  for (const root of [cell, ...[...cell.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)]) {
    const found = root.querySelector(selector);
    if (found) return found;
  }
  return null;
};
const images = new Map(cells.map((cell) => [cell.dataset.name, inside(cell, "img")]));
for (const image of images.values()) if (!image.hasAttribute("srcset")) image.src = image.dataset.src ?? SMALL;
const loaded = () => [...images.values()].every((image) => image.complete);
const layerOf = (image) => {
  const last = image.parentElement?.localName === "picture" ? image.parentElement : image;
  return last.nextElementSibling?.shadowRoot ? last.nextElementSibling : null;
};
const CHATS = [];
const mount = () => { for (const image of images.values()) CHATS.push(ImageChat(image, CONFIG)) };
const middle = (element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 ? [x + width / 2, y + height / 2] : null;
};
const isUppermost = (layer, [x, y]) => layer.getRootNode().elementFromPoint(x, y) === layer;
// By name, where each marker is, by number; null where it is not to be seen.
const markers = () => Object.fromEntries([...images].map(([name, image]) => {
  const layer = layerOf(image);
  const found = [...(layer?.shadowRoot.querySelectorAll("[data-marker]") ?? [])].map(middle);
  return [name, found.map((at) => at && isUppermost(layer, at) ? at : null)];
}));
const cover = (isCovered) => {
  for (const image of images.values()) {
    for (const one of layerOf(image)?.shadowRoot.querySelectorAll(".root > :not(.zoomed)") ?? []) {
      one.style.opacity = isCovered ? 0 : 1;
    }
  }
};
// By name and colour, where the dots are in a picture of the screen; null where one is not to be seen.
const dots = async (screenshot) => {
  const bitmap = await createImageBitmap(await (await fetch("data:image/png;base64," + screenshot)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const ratio = bitmap.width / innerWidth;
  const least = (...values) => Math.max(0, Math.min(...values));
  const colours = {
    red: (r, g, b) => least(r - g, r - b), lime: (r, g, b) => least(g - r, g - b),
    blue: (r, g, b) => least(b - r, b - g), magenta: (r, g, b) => least(r - g, b - g),
  };
  return Object.fromEntries([...images].map(([name, image]) => {
    const box = image.getBoundingClientRect();
    const left = Math.max(0, Math.floor(box.left * ratio)), top = Math.max(0, Math.floor(box.top * ratio));
    const width = Math.ceil(box.width * ratio) + 1, height = Math.ceil(box.height * ratio) + 1;
    if (box.width === 0) return [name, null];
    const { data } = context.getImageData(left, top, width, height);
    return [name, Object.fromEntries(Object.entries(colours).map(([colour, weigh]) => {
      let sum = 0, x = 0, y = 0;
      for (let at = 0; at < width * height; at += 1) {
        const weight = weigh(data[at * 4], data[at * 4 + 1], data[at * 4 + 2]);
        const isIts = weight > 60;
        if (isIts) { sum += weight; x += weight * (at % width + 0.5); y += weight * (Math.floor(at / width) + 0.5) }
      }
      return [colour, sum < 1500 ? null : [(left + x / sum) / ratio, (top + y / sum) / ratio]];
    }))];
  }));
};
"""
