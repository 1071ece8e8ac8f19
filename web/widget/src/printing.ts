/** Printing, as a module of its own: numbers on the picture, and all that was said below it, while the page prints. */
import type { MakePrinting } from "./view/print-place.ts";
import { holdOnTo } from "./view/print/anchoring.ts";
import { printMarks } from "./view/print/print-marks.ts";
import { printSheet } from "./view/print/print-sheet.ts";
import { putBelow } from "./view/print/put-below.ts";
import { sheetOf } from "./view/style-sheets.ts";
import { printStyles } from "./view/styles/print.css.ts";

/** So many threads are asked for at most: a session reads 120 lists a minute. */
const mostAsked = 60;
/** Milliseconds after which the page prints with what there is. */
const patience = 8000;

export const printing: MakePrinting = (host, shown, signal) => {
  const asked = new Set<string>();
  let restore: (() => void) | null = null;
  let waiting: ReturnType<typeof setTimeout> | null = null;

  const missing = (): string[] =>
    host.parts().markers.flatMap(({ conversation: { urlId, commentCount } }) =>
      commentCount > 0 && host.parts().commentsOf(urlId).length === 0 ? [urlId] : [],
    );
  const gather = (): void => {
    for (const key of missing()) {
      if (!asked.has(key) && asked.size < mostAsked) {
        asked.add(key);
        host.actions().read(key);
      }
    }
  };
  const go = (): void => {
    if (waiting !== null) {
      clearTimeout(waiting);
      waiting = null;
      print();
    }
  };
  const isThere = (): boolean => missing().every((key) => !asked.has(key));

  const begin = (): void => {
    const now = shown();
    restore?.();
    if (now === null || now.model.isShutOut || now.model.markers.length === 0) {
      return;
    }
    const layer = host.shadow.host as HTMLElement;
    const styles = sheetOf(printStyles);
    const marks = printMarks(now, { width: layer.offsetWidth, height: layer.offsetHeight });
    const sheet = printSheet(now.model, (key) => host.parts().commentsOf(key));
    host.shadow.adoptedStyleSheets = [...host.shadow.adoptedStyleSheets, styles];
    host.root.append(marks);
    putBelow(sheet, layer, host.image());
    const letGo = holdOnTo(host.image(), layer);
    restore = () => {
      letGo();
      sheet.remove();
      marks.remove();
      host.shadow.adoptedStyleSheets = host.shadow.adoptedStyleSheets.filter((one) => one !== styles);
      restore = null;
    };
  };
  addEventListener("beforeprint", begin, { signal });
  addEventListener("afterprint", () => restore?.(), { signal });
  signal.addEventListener("abort", () => {
    restore?.();
    if (waiting !== null) {
      clearTimeout(waiting);
    }
  });
  return {
    gather,
    print() {
      gather();
      waiting ??= setTimeout(go, patience);
      if (isThere()) {
        go();
      }
    },
    follow() {
      if (waiting !== null && isThere()) {
        go();
      }
    },
  };
};
