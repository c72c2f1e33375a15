import { scale } from "./helpers.ts";

export function compare(a: number, b: number): number {
  return scale(a) - scale(b);
}
