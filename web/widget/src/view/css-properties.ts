/** Sets an element's style through the object model: a `style` attribute is blocked by pages with a strict CSP. */
import { nothing } from "lit/html.js";
import { Directive, directive, type ElementPart, type PartInfo, PartType } from "lit/directive.js";

type Properties = Readonly<Record<string, string>>;

class CssProperties extends Directive {
  #before: Properties = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) {
      throw new TypeError("cssProperties belongs directly in a tag");
    }
  }

  override render(_properties: Properties): typeof nothing {
    return nothing;
  }

  override update({ element }: ElementPart, [properties]: [Properties]): typeof nothing {
    const { style } = element as HTMLElement;
    for (const [name, value] of Object.entries(properties)) {
      if (this.#before[name] !== value) {
        style.setProperty(name, value);
      }
    }
    this.#before = properties;
    return nothing;
  }
}

export const cssProperties = directive(CssProperties);
