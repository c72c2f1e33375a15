/** Numbers as readers see them, the same in every locale. */

const GROUPED = new Intl.NumberFormat("en-GB");

/** `12,345` */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** Two decimals, with a true minus: `−0.50`. */
export function nats(value: number): string {
  return value.toFixed(2).replace("-", "−");
}

/** A share in [0, 1] as `12.3 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A size in decimal units: `812 B`, `47 MB`. */
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

/** Seconds as `812 ms`, `12.3 s`, `4 min 5 s` or `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** `2026-11-23 06:42 UTC` */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `1 epoch`, `20 epochs` */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** The sides of an array: `28 × 28`. */
export function shape(sides: readonly number[]): string {
  return sides.join(" × ");
}

/** For the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
