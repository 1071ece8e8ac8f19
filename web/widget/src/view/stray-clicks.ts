/** The second click of a double-click on what goes away by the first one is not meant for what lies beneath. */

/** `isOnPicture`: the surface, or something on it, and not what is shown over it. */
export function ignoreStrayClicks(root: HTMLElement, isOnPicture: (target: EventTarget | null) => boolean): void {
  let pressed: EventTarget | null = null;
  let before: EventTarget | null = null;
  root.addEventListener(
    "pointerdown",
    ({ target }) => {
      before = pressed;
      pressed = target;
    },
    true,
  );
  root.addEventListener(
    "click",
    (event) => {
      // One that counts as the second belongs to the press before, wherever that was. A tool's click counts as none.
      if (event.detail > 1 && before !== null && !isOnPicture(before) && isOnPicture(event.target)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );
}
