import type { ConstantKl } from "./constant.spec.ts";

export function klWeight({ weight }: ConstantKl): number {
  return weight;
}
