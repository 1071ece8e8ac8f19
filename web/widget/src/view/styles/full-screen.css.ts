/** On a phone the window is the whole screen; last of the style sheets, so that it wins. */
import { css } from "../style-sheets.ts";

export const fullScreenStyles = css`
  @media (max-width: 767.98px) {
    .window {
      left: 0 !important;
      top: var(--view-top, 0px) !important;
      width: 100vw;
      height: var(--view-height, 100dvh);
    }

    .window textarea {
      overscroll-behavior: contain;
    }

    .sheet {
      height: 100%;
      max-height: none;
      border-radius: 0;
      box-shadow: none;
      padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom)
        env(safe-area-inset-left);
    }

    /* A keyboard is over the edge that is to be kept free; one that lies over the page says itself how high it is. */
    .window[data-covered] .sheet {
      padding-bottom: env(keyboard-inset-height, 0);
    }

    .arrow {
      display: none;
    }

    .tool {
      width: 40px;
      height: 40px;
    }

    /* Smaller type makes phones zoom into the field. */
    .root textarea,
    .root input {
      font-size: 16px;
    }

    .root input.name {
      padding-block: 11px;
    }

    .root textarea {
      min-height: 44px;
      padding-block: 11px;
    }

    .send {
      width: 36px;
      height: 36px;
    }

    .composer textarea {
      padding-right: 48px;
    }

    [dir="rtl"] .composer textarea {
      padding-right: 11px;
      padding-left: 48px;
    }

    .hint {
      font-size: 13px;
    }
  }

  @media (forced-colors: active) {
    .sheet {
      border: 2px solid CanvasText;
    }
  }
`;
