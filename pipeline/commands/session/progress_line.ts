import { printable } from "../../base/printable.ts";
import type { Progress } from "../../base/progress.ts";

const BAR_WIDTH = 10;
const GAP = "  ";
const WIDE_ENOUGH_TO_ALIGN = 60;
/** A name is not cut below this. */
const SHORTEST_NAME = 12;
/** Characters that take two columns (Unicode's East Asian Width W and F, and pictures), and those that take none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{M}/u;

/**
 * A stage's progress on one line. Where the columns are few, what is worth least is left out: first the details,
 * the last of them first, then the bar, the share that is done, and the time that is left.
 */
export function progressLine(name: string, progress: Progress, columns: number): string {
  const { fraction, text, details = [], secondsLeft } = progress;
  const share = Math.min(1, Math.max(0, fraction));
  const full = Math.round(share * BAR_WIDTH);
  const room = columns - displayWidth(text) - GAP.length;
  const whole = columns < WIDE_ENOUGH_TO_ALIGN ? name.trim() : name;
  const shown = displayWidth(whole) <= room ? whole : cutInside(name.trim(), Math.max(SHORTEST_NAME, room));
  const parts: { readonly place: number; readonly text: string }[] = [
    { place: 0, text: shown },
    { place: 3, text },
    ...(secondsLeft === undefined ? [] : [{ place: 4, text: `${timeLeft(secondsLeft)} left` }]),
    { place: 2, text: `${Math.floor(share * 100)} %` },
    { place: 1, text: "█".repeat(full) + "░".repeat(BAR_WIDTH - full) },
    ...details.map((text, i) => ({ place: 5 + i, text })),
  ];
  return cut(
    fitting(parts, columns).sort((a, b) => a.place - b.place).map(({ text }) => text).join(GAP),
    columns,
  );
}

/** Parts of a line, what is worth most first, as many as there is room for. */
export function statusLine(parts: readonly string[], columns: number): string {
  for (let count = parts.length; count > 1; count--) {
    const line = parts.slice(0, count).join(", ");
    if (displayWidth(line) <= columns) return line;
  }
  return cut(parts[0] ?? "", columns);
}

/** A stage's progress in full, for where lines have no end. */
export function progressInWords({ fraction, text, details = [], secondsLeft }: Progress): string {
  const left = secondsLeft === undefined ? [] : [`${timeLeft(secondsLeft)} left`];
  return [`${Math.floor(fraction * 100)} %`, printable(text), ...left, ...details].join(GAP);
}

/** An estimate, no finer than it can be: "45 s", "12 min", "2 h 3 min". */
export function timeLeft(seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Text cut to the columns of a terminal. */
export function cut(text: string, columns: number): string {
  const line = printable(text);
  if (displayWidth(line) <= columns) return line;
  let kept = "";
  let used = 1;
  for (const character of line) {
    used += displayWidth(character);
    if (used > columns) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const character of text) columns += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

/** The parts that there is room for, each where those before it leave some. */
function fitting<Part extends { readonly text: string }>(parts: readonly Part[], columns: number): Part[] {
  let room = columns + GAP.length;
  return parts.filter(({ text }, i) => {
    const needed = displayWidth(text) + GAP.length;
    if (i > 1 && needed > room) return false;
    room -= needed;
    return true;
  });
}

/** A name whose ends tell more than its middle: "seed-1-late…8 train". */
function cutInside(name: string, columns: number): string {
  if (name.length <= columns) return name;
  const end = Math.floor((columns - 1) / 2);
  return `${name.slice(0, columns - 1 - end)}…${name.slice(name.length - end)}`;
}
