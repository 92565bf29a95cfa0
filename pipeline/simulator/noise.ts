/**
 * Noise with random access: every number is a pure function of (key, place), so time can be asked in any order.
 *
 * Integer hashing (murmur3 finaliser) and one smooth interpolation: no state, no generator to step, and the same doubles
 * on every machine.
 */
const GOLDEN_STEP = 0x9e3779b9;
const UINT32_RANGE = 0x1_0000_0000;

function finalise(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const FNV_START = 0x811c9dc5;

function fnv(start: number, text: string): number {
  let h = start;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** A 32-bit key out of text (FNV-1a, then finalised). */
export function keyOf(text: string): number {
  return finalise(fnv(FNV_START, text));
}

/** Hex digits, without 0x, of the keys of `text/0`, `text/1` and so on. */
export function hexOf(text: string, digits: number): string {
  const start = fnv(FNV_START, `${text}/`);
  let hex = "";
  for (let i = 0; hex.length < digits; i++)
    hex += finalise(fnv(start, String(i)))
      .toString(16)
      .padStart(8, "0");
  return hex.slice(0, digits);
}

/** A key derived from a key, for one more independent question about the same thing. */
export function subKey(key: number, salt: number): number {
  return finalise(key ^ Math.imul(salt + 1, GOLDEN_STEP));
}

/** Uniform in [0, 1). */
export function unit(key: number, place = 0): number {
  return finalise(key ^ Math.imul(place | 0, GOLDEN_STEP)) / UINT32_RANGE;
}

/** Smooth noise in [-1, 1] that turns about once a period. */
export function noise(key: number, timeSec: number, periodSec: number): number {
  const x = timeSec / periodSec;
  const cell = Math.floor(x);
  const f = x - cell;
  const a = unit(key, cell);
  const b = unit(key, cell + 1);
  return 2 * (a + (b - a) * f * f * (3 - 2 * f)) - 1;
}

/** Near-normal variate (mean 0, deviation 1) from twelve uniforms; exact arithmetic, so the same everywhere. */
export function normal(key: number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += unit(key, i);
  return sum;
}

/** The last moment, not after `timeSec`, at which something that changes every `restSec` seconds changed. */
export function restedAt(key: number, timeSec: number, restSec: number): number {
  const phase = key % restSec;
  return Math.floor((timeSec - phase) / restSec) * restSec + phase;
}
