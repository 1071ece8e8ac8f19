/** All that was said on a picture, by the numbers on it, as it is printed below. */
import { commentTree } from "../../comment-tree.ts";
import type { ShownComment } from "../../pending-changes.ts";
import type { Texts } from "../../texts.ts";
import { commentNodes } from "../comment-html.ts";
import { make, put, style } from "../elements.ts";
import type { LayerModel, MarkerModel } from "../model.ts";
import { sheetOf } from "../style-sheets.ts";
import { printStyles } from "../styles/print.css.ts";
import { fullTime } from "../times.ts";
import { nameOf } from "../names.ts";

/** Deeper replies are indented no further. */
const deepestIndent = 6;

/** A block of the page's, with a shadow tree so that neither's rules reach the other. Threads that are not here have their count. */
export function printSheet(model: LayerModel, commentsOf: (key: string) => readonly ShownComment[]): HTMLElement {
  const sheet = document.createElement("div");
  for (const [name, value] of Object.entries({ all: "initial", display: "block", "font-family": "inherit" })) {
    sheet.style.setProperty(name, value, "important");
  }
  const shadow = sheet.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheetOf(printStyles)];
  const list = make("div", "printed");
  put(list, { dir: model.texts.direction, lang: model.texts.locale, "data-printed": "" });
  list.append(...model.markers.filter(({ kind }) => kind === "shown").map((marker) => thread(marker, commentsOf(marker.key), model.texts)));
  shadow.append(list);
  return sheet;
}

function thread({ number, conversation }: MarkerModel, comments: readonly ShownComment[], texts: Texts): HTMLElement {
  const section = make("section", "");
  const title = make("h2", "");
  const count = conversation.commentCount;
  title.append(
    piece("span", "print-mark", String(number)),
    piece("span", "", count === 0 ? texts("commentsNone") : texts("comments", { count })),
    ...(conversation.resolved ? [piece("span", "", `· ${texts("markerResolved")}`)] : []),
  );
  const list = make("ol", "");
  for (const { comment, depth } of commentTree(comments)) {
    const item = make("li", "");
    style(item, { "--depth": String(Math.min(depth, deepestIndent)) });
    const who = make("p", "who");
    who.append(piece("bdi", "name", nameOf(comment, texts)), " ", piece("time", "", fullTime(comment.date, texts.locale)));
    const said = make("div", "said");
    put(said, { dir: "auto" });
    said.append(comment.isDeleted === true ? texts("deletedComment") : commentNodes(comment.commentHTML));
    item.append(who, said);
    list.append(item);
  }
  section.append(title, list);
  return section;
}

function piece(tag: "span" | "bdi" | "time", className: string, text: string): HTMLElement {
  const element = make(tag, className);
  element.textContent = text;
  return element;
}
