/** Where the list of conversations is shown, once its module is here. */
import type { PanelParts } from "../panel-model.ts";
import type { LayerActions, LayerModel } from "./model.ts";

export interface PanelHost {
  readonly shadow: ShadowRoot;
  readonly root: HTMLElement;
  readonly actions: () => LayerActions;
  /** All that is on the picture, as it is now. */
  readonly parts: () => PanelParts;
  /** What is unread is that no more. */
  readonly readAll: () => void;
  /** A marker's button, by its key. */
  readonly button: (key: string) => HTMLElement | null;
  readonly onClose: () => void;
  readonly print: () => void;
  /** Aborted when the picture's conversations are taken away. */
  readonly signal: AbortSignal;
}

export interface Panel {
  show(model: LayerModel): void;
  open(): void;
  close(): void;
  readonly isOpen: boolean;
}

export type MakePanel = (host: PanelHost) => Panel;
