/** Colours, radii, shadows and sizes, light and dark. A page sets each by its `--image-chat-…` property: docs/theming.md. */
import { css } from "./view/style-sheets.ts";

export const tokens = css`
  .root {
    --accent: var(--image-chat-accent, #3454d1);
    --on-accent: var(--image-chat-on-accent, #fff);
    --surface: var(--image-chat-surface, #fff);
    --surface-quiet: var(--image-chat-surface-quiet, #f3f4f7);
    --text: var(--image-chat-text, #1b1f29);
    --text-quiet: var(--image-chat-text-quiet, #5b6272);
    --line: var(--image-chat-line, #e1e4ea);
    --danger: var(--image-chat-danger, #b3261e);
    --danger-surface: var(--image-chat-danger-surface, #fdf0ee);
    --shadow: var(--image-chat-shadow, 0 1px 2px rgb(15 20 35 / 12%), 0 8px 28px rgb(15 20 35 / 20%));
    --radius: var(--image-chat-radius, 12px);
    --field-radius: var(--image-chat-field-radius, 10px);
    --window-width: var(--image-chat-window-width, 300px);
    --marker: var(--image-chat-marker, rgb(22 27 39 / 74%));
    --marker-hover: var(--image-chat-marker, rgb(22 27 39 / 84%));
    --marker-ring: var(--image-chat-marker-ring, rgb(255 255 255 / 92%));
    --marker-text: var(--image-chat-marker-text, #fff);
    --marker-radius: var(--image-chat-marker-radius, 28%);
    --dot: var(--image-chat-unread, #ffb020);
    --font: var(--image-chat-font, inherit);
    --quick: 140ms;
    color-scheme: light;
  }

  .root.dark {
    --accent: var(--image-chat-accent, #93a9ff);
    --on-accent: var(--image-chat-on-accent, #10152b);
    --surface: var(--image-chat-surface, #1c2029);
    --surface-quiet: var(--image-chat-surface-quiet, #272c38);
    --text: var(--image-chat-text, #eceef4);
    --text-quiet: var(--image-chat-text-quiet, #a6adbd);
    --line: var(--image-chat-line, #343a48);
    --danger: var(--image-chat-danger, #ffb4ab);
    --danger-surface: var(--image-chat-danger-surface, #3a2325);
    --shadow: var(--image-chat-shadow, 0 0 0 1px rgb(255 255 255 / 8%), 0 8px 28px rgb(0 0 0 / 55%));
    color-scheme: dark;
  }
`;
