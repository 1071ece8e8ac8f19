/** What is around an element, as it is drawn: out of shadow trees, and by way of slots. */
import type { Edges } from "./geometry.ts";

/** From the nearest outwards. */
export function around(element: Element): Element[] {
  const found: Element[] = [];
  for (let one = parentOf(element); one !== null; one = parentOf(one)) {
    found.push(one);
  }
  return found;
}

function parentOf(element: Element): Element | null {
  if (element.assignedSlot !== null) {
    return element.assignedSlot;
  }
  const parent = element.parentNode;
  return parent instanceof ShadowRoot ? parent.host : parent instanceof Element ? parent : null;
}

/** Where nothing limits: enough for any page, and a number that CSS takes. */
const far = 1e6;

/**
 * The part of the viewport that is left to an element by what scrolls or cuts off around it, up to `limit`: where its edges
 * are, in px.
 */
export function leftBy(elements: readonly Element[], limit: Element | null): Edges {
  let left = -far;
  let top = -far;
  let right = far;
  let bottom = far;
  for (const element of elements) {
    if (element === limit || element === document.body || element === document.documentElement) {
      break;
    }
    const { overflowX, overflowY, display } = getComputedStyle(element);
    if (display === "inline" || display === "contents") {
      continue;
    }
    const box = element.getBoundingClientRect();
    const { clientLeft, clientTop, clientWidth, clientHeight } = element;
    const scale = element instanceof HTMLElement && element.offsetWidth > 0 ? box.width / element.offsetWidth : 1;
    if (overflowX !== "visible") {
      left = Math.max(left, box.left + clientLeft * scale);
      right = Math.min(right, box.left + (clientLeft + clientWidth) * scale);
    }
    if (overflowY !== "visible") {
      top = Math.max(top, box.top + clientTop * scale);
      bottom = Math.min(bottom, box.top + (clientTop + clientHeight) * scale);
    }
  }
  return { left, top, right: Math.max(left, right), bottom: Math.max(top, bottom) };
}
