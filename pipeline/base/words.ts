/** Numbers as readers see them on pages and terminals, the same in every locale. */

/** Made when it is first asked for: the tables behind it cost a run with nothing to do a twentieth of its time. */
let grouped: Intl.NumberFormat | undefined;

/**
 * A number with its thousands apart: "60,000".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { count } from "reparam";
 *
 * assert.equal(count(60000), "60,000");
 * ```
 */
export function count(value: number): string {
  return (grouped ??= new Intl.NumberFormat("en-GB")).format(value);
}

/**
 * Two digits and a true minus sign: "−1.00".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { nats } from "reparam";
 *
 * assert.equal(nats(-1), "−1.00");
 * ```
 */
export function nats(value: number): string {
  return value.toFixed(2).replace("-", "−");
}

/** The least number that takes more room than a figure has for it. */
const LARGE = 10_000;

/**
 * A number for a narrow place, with as many decimals as are asked for, and in thousands where it is large: "−12.8k".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { short } from "reparam";
 *
 * assert.deepEqual([short(98.34, 1), short(-12784.9, 1)], ["98.3", "−12.8k"]);
 * ```
 */
export function short(value: number, decimals: number): string {
  const isLarge = Math.abs(value) >= LARGE;
  const text = isLarge ? `${Number((value / 1000).toPrecision(3))}k` : value.toFixed(decimals);
  return text.replace("-", "−");
}

/**
 * A share of 1: "96.1 %".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { percent } from "reparam";
 *
 * assert.equal(percent(0.961), "96.1 %");
 * ```
 */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * A size in two or three figures: "999 B", "9.9 kB", "47 MB".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bytes } from "reparam";
 *
 * assert.equal(bytes(47_040_016), "47 MB");
 * ```
 */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = size / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(2)} ${units[unit]}`;
}

/**
 * A time in two parts at most: "250 ms", "59.9 s", "2 min 14 s", "2 h 3 min".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { duration } from "reparam";
 *
 * assert.equal(duration(134), "2 min 14 s");
 * ```
 */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** A time as ISO 8601 writes it, to the minute: "2026-11-23 06:42 UTC". */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/**
 * A count with its noun: "1 epoch", "2,000 epochs".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plural } from "reparam";
 *
 * assert.equal(plural(1, "epoch"), "1 epoch");
 * ```
 */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Sides of an array: "28 × 28". */
export function shape(sides: readonly number[]): string {
  return sides.join(" × ");
}

/** What the examples of a dataset are called: "digit", "digits". */
export interface Nouns {
  /** "digit" */
  readonly one: string;
  /** "digits" */
  readonly many: string;
}

/**
 * A noun with the article that its first letter asks for: "a digit", "an image".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { withArticle } from "reparam";
 *
 * assert.equal(withArticle("image"), "an image");
 * ```
 */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

/**
 * Text with a capital letter, for the beginning of a sentence.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { capital } from "reparam";
 *
 * assert.equal(capital("digits"), "Digits");
 * ```
 */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
