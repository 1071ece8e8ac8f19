import { bareWindow, type LayerParts } from "../src/layer-model.ts";
import { textsOf } from "../src/texts.ts";
import { Windows } from "../src/windows.ts";

/** A live picture without conversations, as somebody sees it who has no rights of their own; with what is given. */
export function layerParts(more: Partial<LayerParts>): LayerParts {
  return {
    texts: textsOf({}),
    isDark: false,
    closed: null,
    isShutOut: false,
    isPaused: false,
    signIn: null,
    status: { kind: "live", detail: null },
    markers: [],
    windows: new Windows(),
    windowModel: bareWindow,
    threadOf: () => ({ status: "loading", comments: [] }),
    isUnread: () => false,
    writingIn: () => null,
    crosshair: { x: 50, y: 50 },
    announcement: "",
    user: null,
    isSiteAdmin: false,
    maxReplyDepth: 0,
    name: null,
    hasState: true,
    canChange: false,
    linkOf: () => null,
    ...more,
  };
}
