/** What more can be done on a picture than clicking, as the module that comes when somebody is near. */
import { FanOut } from "./view/tools/fan-out.ts";
import { GlanceBox } from "./view/tools/glance-box.ts";
import { KeyMoving } from "./view/tools/key-moving.ts";
import { KeySizing } from "./view/tools/key-sizing.ts";
import type { MakeTools, Shown } from "./view/picture-tools.ts";
import { Printer } from "./view/print-place.ts";
import { Pointing } from "./view/tools/pointing.ts";
import { Preview } from "./view/tools/preview.ts";
import { sheetOf } from "./view/style-sheets.ts";
import { toolStyles } from "./view/styles/tools.css.ts";
import { Toolbar } from "./view/tools/toolbar.ts";
import { ToastLine } from "./view/tools/toast-line.ts";

export const pictureTools: MakeTools = (host) => {
  const { shadow } = host;
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheetOf(toolStyles)];
  let shown: Shown | null = null;
  const ending = new AbortController();
  const preview = new Preview(host, () => shown);
  const keySizing = new KeySizing(host, preview, () => shown, ending.signal);
  const keyMoving = new KeyMoving(host, preview, () => shown, ending.signal);
  const fan = new FanOut(host, ending.signal);
  const printer = new Printer(host, () => shown, ending.signal);
  const toolbar = new Toolbar(host, ending.signal, () => {
    printer.print();
  });
  const pointing = new Pointing(host, preview, () => shown, () => { toolbar.endDrawing(); }, ending.signal);
  const glance = new GlanceBox(host, () => shown, ending.signal);
  const toasts = new ToastLine(host.root, () => shown?.model.texts ?? null);
  return {
    show(next, settings) {
      const isFirst = shown === null;
      shown = next;
      pointing.settings = settings;
      keySizing.settings = settings;
      keyMoving.follow();
      keySizing.follow();
      fan.show(next);
      toolbar.show(next, settings);
      printer.follow(settings.printable);
      glance.settings = settings;
      glance.follow();
      if (isFirst) {
        glance.notice();
      }
      toasts.check();
    },
    toast(toast) {
      toasts.show(toast);
    },
    destroy() {
      ending.abort();
      toasts.destroy();
    },
  };
};
