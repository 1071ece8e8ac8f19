/** Things in an inbox; a higher number is a later one. */
import type { Entry } from "../src/shapes.ts";

export function entry(number: number, more: Partial<Entry> = {}): Entry {
  return {
    id: `e${number}`,
    kind: "comment",
    at: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    picture: { urlId: "p", urlIdWS: "w", title: "P", src: null, x: 1, y: 2 },
    markerId: `m${number}`,
    resolved: false,
    user: { id: "u", name: "Ada", avatarSrc: null, role: "member" },
    comment: `Words ${number}`,
    commentHTML: `<p>Words ${number}</p>`,
    held: null,
    reviewed: null,
    deleted: null,
    parentId: null,
    inThread: 2,
    ...more,
  };
}
