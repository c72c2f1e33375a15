import type { ConstantKl } from "./constant.spec.ts";

/** The one weight. */
export function klWeight({ weight }: ConstantKl): number {
  return weight;
}
