/** Finds the place below a picture where a block of any height does not break the page's layout. */

/**
 * Puts the sheet after the layer, or after what is around it, as near as it comes to lie below the picture, is as wide, and
 * is in what holds it: not beside it in a row, nor in a frame of a fixed height. Measured, as no list of layouts is complete.
 */
export function putBelow(sheet: HTMLElement, layer: Element, image: Element): void {
  const { bottom, width } = image.getBoundingClientRect();
  for (let one: Element | null = layer; one !== null && one !== document.body; one = outOf(one)) {
    one.after(sheet);
    const box = sheet.getBoundingClientRect();
    if (box.top >= bottom - 1 && box.width >= Math.min(width, 240) - 1 && isHeld(sheet, box.bottom)) {
      return;
    }
  }
  document.body.append(sheet);
}

function outOf(element: Element): Element | null {
  const parent = element.parentNode;
  return parent instanceof ShadowRoot ? parent.host : element.parentElement;
}

function isHeld(sheet: Element, bottom: number): boolean {
  for (let one = outOf(sheet); one !== null && one !== document.body && one !== document.documentElement; one = outOf(one)) {
    const isBox = !["inline", "contents"].includes(getComputedStyle(one).display);
    if (isBox && one.getBoundingClientRect().bottom < bottom - 1) {
      return false;
    }
  }
  return true;
}
