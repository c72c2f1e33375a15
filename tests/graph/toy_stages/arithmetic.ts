import { FACTOR } from "./constants.ts";

export function scale(x: number): number {
  return x * FACTOR;
}
