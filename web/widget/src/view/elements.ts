/** Makes elements, without any HTML to parse, and writes only what differs: each write costs a browser styling. */
import type { Rect } from "../geometry.ts";

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  return element;
}

/** Attributes as they shall be; null takes one away. */
export function put(element: Element, attributes: Readonly<Record<string, string | null>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) {
      if (value === null) {
        element.removeAttribute(name);
      } else {
        element.setAttribute(name, value);
      }
    }
  }
}

/** Through the object model: a `style` attribute is blocked by pages with a strict policy. */
export function style(element: HTMLElement, properties: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(properties)) {
    if (element.style.getPropertyValue(name) !== value) {
      element.style.setProperty(name, value);
    }
  }
}

/** A rectangle, in px, as styles. */
export function boxOf({ left, top, width, height }: Rect): Record<string, string> {
  return { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
}

/** An element that is there only at times, within another and before what follows it. */
export function present(parent: Element, isThere: boolean, element: Element, before: Node | null): void {
  if (!isThere) {
    element.remove();
  } else if (element.parentNode !== parent) {
    parent.insertBefore(element, before);
  }
}

const drawing = "http://www.w3.org/2000/svg";

/** An icon of icons.ts. */
export function draw(path: string): SVGSVGElement {
  const icon = document.createElementNS(drawing, "svg");
  put(icon, {
    viewBox: "0 0 16 16",
    width: "16",
    height: "16",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.75",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    focusable: "false",
  });
  const line = document.createElementNS(drawing, "path");
  line.setAttribute("d", path);
  icon.append(line);
  return icon;
}

/** A text as it shall be: a screen reader says again what is written again. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
