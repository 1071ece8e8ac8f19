/** Rows of numbers as a chart wants them. Pure. */
import { named } from "./names.ts";
import type { Moment, UsageRow } from "./shapes.ts";

export const usageMetrics = ["messages", "bandwidth", "conversations", "comments"] as const;
export type UsageMetric = (typeof usageMetrics)[number];

export interface ChartData {
  /** Seconds since 1970, rising. */
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

export function daysOf(rows: readonly UsageRow[], metric: UsageMetric): ChartData {
  const known = rows.flatMap((row) => {
    const at = Date.parse(`${row.day ?? ""}T00:00:00Z`);
    return Number.isNaN(at) ? [] : [{ at: at / 1000, value: row[metric] }];
  });
  known.sort((one, other) => one.at - other.at);
  return { x: known.map(({ at }) => at), y: known.map(({ value }) => value) };
}

export type MomentMetric = "connections" | "eventsPerSecond" | "messagesPerSecond" | "latencyP99";

/** Moments farther apart than this, in milliseconds, have something between them that nobody measured. */
const gap = 15_000;

export function momentsOf(history: readonly Moment[], metric: MomentMetric): ChartData {
  const x: number[] = [];
  const y: (number | null)[] = [];
  let before: number | null = null;
  for (const moment of history) {
    if (before !== null && moment.at <= before) {
      continue;
    }
    if (before !== null && moment.at - before > gap) {
      x.push((before + 1) / 1000);
      y.push(null);
    }
    x.push(moment.at / 1000);
    y.push(moment[metric]);
    before = moment.at;
  }
  return { x, y };
}

/** The largest first; ties by name, so that nothing jumps when it is read again. */
export function ranked(rows: readonly UsageRow[], metric: UsageMetric): readonly UsageRow[] {
  const name = (row: UsageRow): string => named(row.title, row.urlId ?? row.tenantId ?? "");
  return [...rows].sort((one, other) => other[metric] - one[metric] || name(one).localeCompare(name(other)));
}

export interface Days {
  readonly from: string;
  readonly to: string;
}

const dayMs = 86_400_000;

/** The last so many days in UTC, today among them. */
export function lastDays(count: number, now: number): Days {
  return { from: dayOf(now - (count - 1) * dayMs), to: dayOf(now) };
}

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const longestDays = 366;

/** A range that somebody gave, if it makes sense. */
export function givenDays(from: string, to: string): Days | null {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const isSensible = /^\d{4}-\d\d-\d\d$/.test(from) && /^\d{4}-\d\d-\d\d$/.test(to) && first <= last;
  return isSensible && (last - first) / dayMs < longestDays ? { from, to } : null;
}
