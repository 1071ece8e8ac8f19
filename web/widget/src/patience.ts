/** How long a server asks to be left alone, in seconds: the first number in a text. Pure. */
const unsaid = 10;
const longest = 3600;

export function secondsIn(text: string | null): number {
  const seconds = Number(/\d+(\.\d+)?/.exec(text ?? "")?.[0] ?? unsaid);
  return Math.min(longest, seconds);
}
