/** Holds the layer on the picture by the browser's own layout, which is another one on paper and runs no script. */

const anchor = "--image-chat-printed";
let count = 0;

/**
 * Returns what gives both back their styles. Without anchors in the browser, and on pictures that are turned or scaled, the layer
 * stays where it is on the screen.
 */
export function holdOnTo(image: HTMLImageElement, layer: HTMLElement): () => void {
  const { transform, rotate, scale } = getComputedStyle(image);
  if (!CSS.supports("left", "anchor(left)") || [transform, rotate, scale].some((one) => one !== "none")) {
    return () => undefined;
  }
  count += 1;
  const name = `${anchor}-${count}`;
  const undo = [
    put(image, { "anchor-name": name }),
    put(layer, {
      "position-anchor": name,
      left: "anchor(left)",
      top: "anchor(top)",
      width: "anchor-size(width)",
      height: "anchor-size(height)",
      transform: "none",
      "clip-path": "none",
    }),
  ];
  return () => {
    for (const one of undo) {
      one();
    }
  };
}

function put({ style }: HTMLElement, properties: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(properties).map((name) => [name, style.getPropertyValue(name), style.getPropertyPriority(name)] as const);
  for (const [name, value] of Object.entries(properties)) {
    style.setProperty(name, value, "important");
  }
  return () => {
    for (const [name, value, priority] of before) {
      if (value === "") {
        style.removeProperty(name);
      } else {
        style.setProperty(name, value, priority);
      }
    }
  };
}
