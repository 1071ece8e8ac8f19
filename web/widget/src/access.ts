/** What a visitor may do on a picture, and what to say of it. Pure. */
import type { LayerParts } from "./layer-model.ts";
import { isRightLost, type StopReason } from "./stop-reasons.ts";
import type { Texts } from "./texts.ts";

export interface AccessParts {
  readonly texts: Texts;
  /** Why the connection has ended for good, or null. */
  readonly stop: StopReason | null;
  /** That in words. */
  readonly stopDetail: string | null;
  /** By the page, or by a moderator. */
  readonly isReadonly: boolean;
  readonly mayComment: boolean;
  readonly isAnonymous: boolean;
  /** Where one signs in on this page, or null. */
  readonly loginAddress: string | null;
}

export function accessOf(parts: AccessParts): Pick<LayerParts, "closed" | "isShutOut" | "signIn"> {
  const { texts, stop, isReadonly, mayComment } = parts;
  const isShutOut = isRightLost(stop);
  const wantsSignIn = isShutOut ? stop === "sign-in" : !mayComment && !isReadonly && parts.isAnonymous;
  return { closed: closed(), isShutOut, signIn: wantsSignIn ? parts.loginAddress : null };

  function closed(): string | null {
    if (isShutOut) {
      return parts.stopDetail;
    }
    if (isReadonly) {
      return texts("readonly");
    }
    return mayComment ? null : texts("mayNotComment");
  }
}
