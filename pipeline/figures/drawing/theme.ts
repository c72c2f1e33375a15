/** One look for every figure. Lengths are in units of the view box; a figure is `WIDTH` of them wide. */

/** A figure's width: 320 units on 8 cm, the column of a two-column paper, print a 10-unit letter at 7 points. */
export const WIDTH = 320;

/** Fonts that readers have: a drawing brings none of its own. */
export const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";
/** Heights of letters. */
export const SIZE = { small: 10, text: 11, heading: 12 } as const;

/** The colour of all that is not a series or a class; drawn as `currentColor`, which a dark page can change. */
export const INK = "#1c2024";
/** The colour of the page. */
export const PAPER = "#ffffff";

/**
 * Ten class colours, found by maximising the smallest OKLab distance of any two as seen with normal vision
 * and with protanopia, deuteranopia and tritanopia (matrices of Machado, Oliveira and Fernandes, 2009):
 * 0.12 or more in each. All stand out from a white page and from a nearly black one.
 */
export const CLASS_COLOURS = [
  "#284fc5",
  "#e45802",
  "#06d59c",
  "#820f7c",
  "#f8a804",
  "#6d9ba0",
  "#424d08",
  "#835d68",
  "#c3b1fb",
  "#b06be8",
] as const;

/**
 * The same classes on a nearly black page: as close to the colours above as brightness allows, and 0.1 or more
 * apart in each kind of vision.
 */
export const DARK_CLASS_COLOURS = [
  "#3763da",
  "#ed6f77",
  "#1fe5aa",
  "#ab399e",
  "#ffb11d",
  "#6ea5b3",
  "#778d1c",
  "#7d6357",
  "#cfb9ff",
  "#ba78f8",
] as const;

/**
 * The colour of class `label`; from the eleventh class on they repeat, so figures name classes directly too.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { classColour } from "reparam";
 *
 * assert.equal(classColour(0), classColour(10));
 * ```
 */
export function classColour(label: number): string {
  return CLASS_COLOURS[label % CLASS_COLOURS.length]!;
}

/** How lines of the splits look, which are told apart by colour and by dashes. */
export const SERIES = {
  train: { colour: "#2450c0", dark: "#8fa9ff", dash: "4 2.5" },
  validation: { colour: "#47713f", dark: "#8fc285", dash: "1.2 2" },
  test: { colour: "#c24a00", dark: "#ff9d57", dash: null },
} as const;

/** The parts of a dataset that curves are drawn of. */
export type SeriesName = keyof typeof SERIES;

/** What each colour of a drawing becomes on a dark page. */
export const ON_DARK: Readonly<Record<string, string>> = Object.fromEntries([
  ...CLASS_COLOURS.map((colour, label) => [colour, DARK_CLASS_COLOURS[label]!]),
  ...Object.values(SERIES).map(({ colour, dark }) => [colour, dark]),
]);
