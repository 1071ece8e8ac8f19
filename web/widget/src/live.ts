/** All that keeps a picture's markers live, and takes what visitors do: the module that comes right after the first look. */
import { english } from "./catalogues/en.ts";
import type { FirstLook } from "./first-look.ts";
import { LivePicture, type Live } from "./live-picture.ts";

export { english };

export function live(first: FirstLook): Live {
  return new LivePicture(first);
}
