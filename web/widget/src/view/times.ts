/** Times as people say them, and for how long that is right. Pure; kept-times.ts keeps them current. */

const units: readonly (readonly ["minute" | "hour" | "day", number])[] = [
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
];

const weekInSeconds = 7 * 86_400;

export function relativeTime(date: string, now: number, locale: string): string {
  const then = Date.parse(date);
  if (Number.isNaN(then)) {
    return "";
  }
  // A visitor's clock may be wrong; nothing was written in the future.
  const seconds = Math.max(0, (now - then) / 1000);
  const { date: day, relative: format } = formatsOf(locale);
  if (seconds >= weekInSeconds) {
    return day.format(then);
  }
  const largest = units.findLast(([, least]) => seconds >= least);
  return largest === undefined ? format.format(0, "second") : format.format(-Math.floor(seconds / largest[1]), largest[0]);
}

/** In how many ms `relativeTime` says something else; never where it names the day. */
export function untilItChanges(date: string, now: number): number {
  const age = now - Date.parse(date);
  // A date to come, of a clock that is wrong, is told as now.
  const told = Math.max(0, age);
  const unit = (units.findLast(([, least]) => told >= least * 1000)?.[1] ?? 60) * 1000;
  return told < weekInSeconds * 1000 ? told - age + unit - (told % unit) : Infinity;
}

export function fullTime(date: string, locale: string): string {
  const then = Date.parse(date);
  return Number.isNaN(then)
    ? ""
    : formatsOf(locale).full.format(then);
}

interface Formats {
  readonly date: Intl.DateTimeFormat;
  readonly full: Intl.DateTimeFormat;
  readonly relative: Intl.RelativeTimeFormat;
}

/** Making one takes a browser longer than rendering a comment. */
const known = new Map<string, Formats>();

function formatsOf(locale: string): Formats {
  let formats = known.get(locale);
  if (formats === undefined) {
    formats = {
      date: new Intl.DateTimeFormat(locale, { dateStyle: "medium" }),
      full: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" }),
      relative: new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }),
    };
    known.set(locale, formats);
  }
  return formats;
}
