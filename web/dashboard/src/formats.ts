/** Numbers, sizes and times as the language writes them. Pure. */
import { fullTime, relativeTime } from "../../widget/src/view/times.ts";

export interface Formats {
  readonly number: (value: number) => string;
  /** 12.3K */
  readonly compact: (value: number) => string;
  /** Of something that may be below one: 0.4, 12, 1,234. */
  readonly rate: (value: number) => string;
  readonly bytes: (value: number) => string;
  readonly milliseconds: (value: number) => string;
  readonly relative: (at: string | number) => string;
  readonly full: (at: string | number) => string;
  /** Of a day `2026-01-31`, in UTC: usage is counted by UTC's days. */
  readonly day: (day: string) => string;
  readonly shortDay: (seconds: number) => string;
  readonly clock: (ms: number) => string;
  readonly minute: (ms: number) => string;
}

const steps = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;

export function formatsOf(language: string, now: () => number = Date.now): Formats {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const small = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  // "951 bytes", and "1.2 kB": short, a single one and many are both "byte"
  const sizes = steps.map(
    (unit, step) =>
      new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: step === 0 ? "long" : "short", maximumFractionDigits: 1 }),
  );
  const duration = new Intl.NumberFormat(language, { style: "unit", unit: "millisecond", maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const shortDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const minute = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const iso = (at: string | number): string => (typeof at === "number" ? new Date(at).toISOString() : at);
  return {
    number: (value) => whole.format(value),
    compact: (value) => compact.format(value),
    rate: (value) => (value < 10 ? small : whole).format(value),
    bytes: (value) => {
      const step = Math.min(steps.length - 1, value < 1000 ? 0 : Math.floor(Math.log10(value) / 3));
      return (sizes[step] ?? whole).format(value / 1000 ** step);
    },
    milliseconds: (value) => duration.format(value >= 10 ? Math.round(value) : value),
    relative: (at) => relativeTime(iso(at), now(), language),
    full: (at) => fullTime(iso(at), language),
    day: (text) => day.format(new Date(`${text}T00:00:00Z`)),
    shortDay: (seconds) => shortDay.format(seconds * 1000),
    clock: (ms) => clock.format(ms),
    minute: (ms) => minute.format(ms),
  };
}
