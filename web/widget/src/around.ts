/** What is around an element, as it is drawn: out of shadow trees, and by way of slots. */

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

/**
 * The part of the viewport that is left to an element by what scrolls or cuts off around it, up to `limit`; null if nothing
 * does. In px of the viewport.
 */
export function leftBy(elements: readonly Element[], limit: Element | null): DOMRect | null {
  let left = Number.NEGATIVE_INFINITY;
  let top = Number.NEGATIVE_INFINITY;
  let right = Number.POSITIVE_INFINITY;
  let bottom = Number.POSITIVE_INFINITY;
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
  return [left, top, right, bottom].some(Number.isFinite) ? new DOMRect(...spanned(left, right, top, bottom)) : null;
}

/** Far, where nothing limits: enough for any page, and a number that CSS takes. */
const far = 1e6;

function spanned(left: number, right: number, top: number, bottom: number): [number, number, number, number] {
  const x = Math.max(-far, left);
  const y = Math.max(-far, top);
  return [x, y, Math.max(0, Math.min(far, right) - x), Math.max(0, Math.min(far, bottom) - y)];
}
