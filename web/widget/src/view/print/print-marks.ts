/** The numbers on a printed picture, and the edges of regions, in percent: on paper it may have another size. */
import { make, put, style } from "../elements.ts";
import type { Size } from "../../geometry.ts";
import type { Shown } from "../picture-tools.ts";

/** `box`: the border box of the picture, in px. */
export function printMarks({ model, geometry: { content } }: Shown, box: Size): HTMLElement {
  const marks = make("div", "print-marks");
  put(marks, { "aria-hidden": "true" });
  const percent = (part: number, whole: number): string => `${(part / whole) * 100}%`;
  style(marks, {
    left: percent(content.left, box.width),
    top: percent(content.top, box.height),
    width: percent(content.width, box.width),
    height: percent(content.height, box.height),
  });
  for (const { number, conversation, kind } of model.markers) {
    if (kind === "shown") {
      const { x, y, region } = conversation;
      const place = { left: `${x}%`, top: `${y}%` };
      if (region !== undefined) {
        const area = make("div", "print-area");
        style(area, { ...place, width: `${region.w}%`, height: `${region.h}%` });
        marks.append(area);
      }
      const mark = make("span", "print-mark");
      mark.textContent = String(number);
      style(mark, place);
      marks.append(mark);
    }
  }
  return marks;
}
