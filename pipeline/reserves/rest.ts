/** Readings as they are published: rounded to what can be used, and at rest while they move by less than a tenth of a per cent. */
import { roundUsd } from "../rounding.ts";
import type { ReserveReading } from "../schema/reserves.ts";

const RESTS_WITHIN_SHARE = 0.001;
const DIGITS = 6;

/** A nothing never rests into something, nor something into nothing. */
function resting(now: number, before: number | undefined): number {
  if (before === undefined || before <= 0 || now === 0) return now;
  return Math.abs(now - before) <= RESTS_WITHIN_SHARE * before ? before : now;
}

const share = (value: number) => Number(value.toPrecision(DIGITS));
const tenth = (value: number) => Math.round(value * 10) / 10;

type Fields = Record<string, unknown>;

function restFields(now: Fields, before: Fields | undefined): Fields {
  return Object.fromEntries(
    Object.entries(now).map(([key, value]) => {
      const old = before?.[key];
      const last = typeof old === "number" ? old : undefined;
      if (typeof value !== "number") return [key, value];
      if (key.endsWith("Usd")) return [key, resting(roundUsd(value), last)];
      if (/Ratio/.test(key)) return [key, resting(share(value), last)];
      if (key.endsWith("Pct")) return [key, tenth(value)];
      return [key, value];
    }),
  );
}

/** `before` is what was published of the same coin last. */
export function restingReading(now: ReserveReading, before: ReserveReading | null): ReserveReading {
  const { redemption, ...metadata } = now.metadata;
  const last = before?.metadata;
  return {
    ...now,
    slices: restingSlices(now, before),
    metadata: {
      ...(restFields(metadata, last as Fields | undefined) as typeof metadata),
      ...(redemption
        ? { redemption: restFields(redemption, last?.redemption as Fields | undefined) as typeof redemption }
        : {}),
    },
  };
}

/** The mix moves by the minute; half a point of it is what anyone reads. */
function restingSlices(now: ReserveReading, before: ReserveReading | null): ReserveReading["slices"] {
  const rounded = now.slices.map((slice) => ({ ...slice, pct: Math.max(0.1, tenth(slice.pct)) }));
  const old = new Map(before?.slices.map((slice) => [slice.name, slice.pct]));
  const same =
    before !== null &&
    rounded.length === before.slices.length &&
    rounded.every(({ name, pct }) => Math.abs(pct - (old.get(name) ?? Number.POSITIVE_INFINITY)) < 0.5);
  return same ? before.slices : rounded;
}
