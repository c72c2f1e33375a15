import type { Spread } from "../../metrics/spread.ts";

/** A mean with the standard deviation behind it, where there is one. @param words how one number is shown */
export function withDeviation({ mean, deviation }: Spread, words: (value: number) => string): string {
  return deviation === null ? words(mean) : `${words(mean)} ± ${words(deviation)}`;
}
