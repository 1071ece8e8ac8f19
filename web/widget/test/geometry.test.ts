import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isVisible, percentAt, pictureGeometry, pointAt, type PictureBox } from "../src/geometry.ts";

const none = { top: 0, right: 0, bottom: 0, left: 0 };
const box = (change: Partial<PictureBox>): PictureBox => ({
  box: { width: 400, height: 200 },
  border: none,
  padding: none,
  natural: { width: 100, height: 100 },
  fit: "fill",
  position: "50% 50%",
  ...change,
});

const hundredths = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min * 100, max: max * 100 }).map((value) => value / 100);
const side = hundredths(0, 40);
const edges = fc.record({ top: side, right: side, bottom: side, left: side });
const length = hundredths(100, 3000);
const size = fc.record({ width: length, height: length });
const part = fc.oneof(
  fc.integer({ min: -50, max: 150 }).map((value) => `${value}%`),
  fc.integer({ min: -200, max: 200 }).map((value) => `${value}px`),
  fc.integer({ min: 0, max: 50 }).map((value) => `calc(100% - ${value}px)`),
);
const picture: fc.Arbitrary<PictureBox> = fc.record({
  box: size,
  border: edges,
  padding: edges,
  natural: size,
  fit: fc.constantFrom("fill", "contain", "cover", "none", "scale-down"),
  position: fc.tuple(part, part).map((parts) => parts.join(" ")),
});

describe("where a picture's content lies (M19)", () => {
  it.each([
    ["fill", "50% 50%", { left: 0, top: 0, width: 400, height: 200 }],
    ["contain", "50% 50%", { left: 100, top: 0, width: 200, height: 200 }],
    ["contain", "0% 50%", { left: 0, top: 0, width: 200, height: 200 }],
    ["contain", "10px 100%", { left: 10, top: 0, width: 200, height: 200 }],
    ["contain", "calc(100% - 10px) 0px", { left: 190, top: 0, width: 200, height: 200 }],
    ["contain", "calc(25% + 5px) 0px", { left: 55, top: 0, width: 200, height: 200 }],
    ["contain", "right top", { left: 200, top: 0, width: 200, height: 200 }],
    ["cover", "50% 50%", { left: 0, top: -100, width: 400, height: 400 }],
    ["cover", "50% 0%", { left: 0, top: 0, width: 400, height: 400 }],
    ["cover", "0px -30px", { left: 0, top: -30, width: 400, height: 400 }],
    ["none", "50% 50%", { left: 150, top: 50, width: 100, height: 100 }],
    ["scale-down", "100% 100%", { left: 300, top: 100, width: 100, height: 100 }],
  ] as const)("object-fit: %s; object-position: %s", (fit, position, content) => {
    expect(pictureGeometry(box({ fit, position })).content).toEqual(content);
  });

  it("leaves out borders and padding", () => {
    const border = { top: 1, right: 2, bottom: 3, left: 4 };
    const padding = { top: 10, right: 20, bottom: 30, left: 40 };
    expect(pictureGeometry(box({ border, padding })).content).toEqual({ left: 44, top: 11, width: 334, height: 156 });
  });

  it("takes the whole box while the picture's own size is not known", () => {
    const geometry = pictureGeometry(box({ fit: "contain", natural: { width: 0, height: 0 } }));
    expect(geometry.content).toEqual({ left: 0, top: 0, width: 400, height: 200 });
  });

  it("scale-down is whichever of none and contain is smaller", () => {
    const large = { width: 4000, height: 4000 };
    expect(pictureGeometry(box({ fit: "scale-down", natural: large }))).toEqual(
      pictureGeometry(box({ fit: "contain", natural: large })),
    );
  });

  it("hides what cover cuts off, and takes no click there", () => {
    const geometry = pictureGeometry(box({ fit: "cover" }));
    expect(isVisible(geometry, { x: 50, y: 10 })).toBe(false);
    expect(isVisible(geometry, { x: 50, y: 30 })).toBe(true);
    const padded = pictureGeometry(box({ fit: "contain" }));
    expect(percentAt(padded, { x: 50, y: 100 })).toBeNull();
    expect(percentAt(padded, { x: 100, y: 100 })).toEqual({ x: 0, y: 50 });
  });

  it("px → percent → px comes back to the same twentieth of a pixel, even on a picture cut to a sliver", () => {
    fc.assert(
      fc.property(picture, hundredths(0, 1), hundredths(0, 1), (shown, u, v) => {
        const geometry = pictureGeometry(shown);
        const { left, top, width, height } = geometry.visible;
        fc.pre(width > 0 && height > 0);
        const point = { x: left + u * width, y: top + v * height };
        const percent = percentAt(geometry, point);
        if (percent === null) {
          throw new Error("a visible point has no place on the picture");
        }
        const back = pointAt(geometry, percent);
        expect(Math.abs(back.x - point.x)).toBeLessThan(0.05);
        expect(Math.abs(back.y - point.y)).toBeLessThan(0.05);
        expect(isVisible(geometry, percent)).toBe(true);
      }),
      { seed: 19, numRuns: 500 },
    );
  });

  it("never shows anything outside the content box", () => {
    fc.assert(
      fc.property(picture, (shown) => {
        const { visible } = pictureGeometry(shown);
        const slack = 1e-6;
        expect(visible.left).toBeGreaterThanOrEqual(shown.border.left + shown.padding.left - slack);
        expect(visible.left + visible.width).toBeLessThanOrEqual(
          Math.max(visible.left, shown.box.width - shown.border.right - shown.padding.right) + slack,
        );
      }),
      { seed: 19 },
    );
  });
});
