/** Who else is looking: faces at the picture's corner, and who they are for whoever asks. */
import type { Face } from "../../presence.ts";
import type { OthersHere } from "../../who-is-there.ts";
import { make, present, put, say } from "../elements.ts";
import type { LayerModel } from "../model.ts";
import { sheetOf } from "../style-sheets.ts";
import { peopleStyles } from "../styles/people.css.ts";

const facesShown = 5;
const listed = 50;

export class OthersButton {
  readonly #under: HTMLElement;
  readonly #place = make("div", "others", { "data-others": "" });
  readonly #button = make("button", "", { type: "button", part: "others", "data-presence": "", "aria-controls": "others-list" });
  readonly #faces = make("span", "faces", { "aria-hidden": "true" });
  readonly #count = make("span", "", { "aria-hidden": "true" });
  readonly #list = make("ul", "", { id: "others-list", part: "others-list" });
  #shown = "";

  constructor(shadow: ShadowRoot, under: HTMLElement) {
    this.#under = under;
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheetOf(peopleStyles)];
    this.#button.append(this.#faces, this.#count);
    this.#place.append(this.#button, this.#list);
    this.#open(false);
    this.#button.addEventListener("click", () => {
      this.#open(this.#list.hasAttribute("hidden"));
    });
    this.#place.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#list.hasAttribute("hidden")) {
        event.preventDefault();
        event.stopPropagation();
        this.#open(false);
      }
    });
    this.#place.addEventListener("focusout", () => {
      this.#open(false);
    });
  }

  show({ texts }: LayerModel, others: OthersHere | null): void {
    present(this.#under, others !== null, this.#place, null);
    if (others === null) {
      this.#shown = "";
      this.#open(false);
      return;
    }
    const { faces, more } = others;
    const count = faces.length + more + 1;
    const words = texts("presence", { count });
    const nameless = more === 0 ? [] : [more === 1 ? texts("anonymous") : `${texts("anonymous")} × ${texts.number(more)}`];
    const names = [...faces.slice(0, listed).map(({ displayName }) => displayName), ...nameless];
    const shown = JSON.stringify([words, faces.slice(0, listed), nameless]);
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    put(this.#button, { "aria-label": `${words}: ${names.slice(0, facesShown + 1).join(", ")}`, title: words });
    say(this.#count, texts.number(count));
    this.#faces.replaceChildren(...faces.slice(0, facesShown).map(faceOf));
    this.#list.replaceChildren(
      ...faces.slice(0, listed).map((face) => entry(faceOf(face), face.displayName)),
      ...nameless.map((name) => entry(make("span", "face-of"), name)),
    );
  }

  #open(isOpen: boolean): void {
    this.#list.hidden = !isOpen;
    put(this.#button, { "aria-expanded": String(isOpen) });
  }
}

function entry(face: HTMLElement, name: string): HTMLElement {
  const item = make("li", "");
  const words = make("bdi", "");
  words.textContent = name;
  item.append(face, words);
  return item;
}

/** A picture, or where there is none, or it cannot be had, the name's first letter. */
function faceOf({ displayName, avatarSrc }: Face): HTMLElement {
  const face = make("span", "face-of", { "aria-hidden": "true" });
  face.textContent = String.fromCodePoint(displayName.codePointAt(0) ?? 63).toUpperCase();
  if (avatarSrc !== null && /^https?:/.test(avatarSrc)) {
    const image = make("img", "", { alt: "", referrerpolicy: "no-referrer", src: avatarSrc });
    image.addEventListener("error", () => {
      image.remove();
    });
    face.append(image);
  }
  return face;
}
