/**
 * The width of a distribution around what the decoder puts out: a fixed number, one learned scalar for all values,
 * one learned number for each value of an example, or what the decoder says of each value of each example.
 */
export type ScaleChoice = number | "learned" | "per-value" | "decoder";

/** Numbers that the decoder puts out for each value: a location, and a width where that is its affair. */
export function outputsOf(choice: ScaleChoice): number {
  return choice === "decoder" ? 2 : 1;
}
