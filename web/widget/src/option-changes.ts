/** What differs between two sets of options. Pure. */
import type { ImageChatConfig } from "./config.ts";

type Options = Partial<ImageChatConfig>;

/** For `update()`: an option that is not given any more goes back to its default. */
export function optionChanges(before: Options, after: Options): Options {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof ImageChatConfig>;
  const differing = [...names].filter((name) => !Object.is(before[name], after[name]));
  return Object.fromEntries(differing.map((name) => [name, after[name]]));
}
