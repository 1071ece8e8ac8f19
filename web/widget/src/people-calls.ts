/** The calls on who else is on a picture, and on what was read. */
import type { OnlineList } from "./presence.ts";
import type { Rest } from "./rest.ts";
import { facesIn } from "./signals.ts";
import type { WrittenReadUpTo } from "./unread.ts";

/** Has it kept how far one has read; may be said again. It arrives also when the page goes away just then. */
export function keepRead(rest: Rest, urlId: string, readUpTo: WrittenReadUpTo): Promise<unknown> {
  return rest.call("POST", "comment-image-chats", "read", {}, { urlId, readUpTo }, { keepalive: true });
}

/** Who is looking: the first of those with a name, and how many more. */
export async function online(rest: Rest, urlId: string): Promise<OnlineList> {
  const { users, totalCount }: { readonly users?: unknown; readonly totalCount?: unknown } = await rest.call(
    "GET",
    "pages",
    "users/online",
    { urlId },
  );
  const faces = facesIn(users);
  return { users: faces, anonCount: typeof totalCount === "number" ? Math.max(0, totalCount - faces.length) : 0 };
}
