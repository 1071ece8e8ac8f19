/** Keeps the reader of a list that grows at both ends where they are: at its end, or at the comment that they read. */

/** A reader this near to the end, in pixels, is at it. */
const nearEnd = 40;

export function isAtEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight <= nearEnd;
}

/** Notes where the reader is. What is returned brings them back there, after the list has changed. */
export function keepPlace(scroller: HTMLElement): () => void {
  const read = isAtEnd(scroller) ? undefined : firstInView(scroller);
  const top = read?.offsetTop ?? 0;
  return () => {
    scroller.scrollTop = read?.isConnected === true ? scroller.scrollTop + read.offsetTop - top : scroller.scrollHeight;
  };
}

function firstInView(scroller: HTMLElement): HTMLElement | undefined {
  const { top } = scroller.getBoundingClientRect();
  const comments = [...scroller.querySelectorAll<HTMLElement>("[data-comment]")];
  return comments.find((one) => one.getBoundingClientRect().bottom > top);
}

/** Scrolls no farther than it must, and never the page. */
export function showIn(scroller: HTMLElement, element: HTMLElement): void {
  const view = scroller.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  scroller.scrollTop += Math.max(0, bottom - view.bottom) - Math.max(0, view.top - top);
}
