import type { Json } from "./json.ts";

/** Where an experiment stands on one axis of a sweep. */
export interface Coordinate {
  /** `base`, `case`, or a path: `kl.freeBits`. */
  readonly axis: string;
  readonly value: Json;
  /** Which of the axis's values it is. */
  readonly index: number;
}

/** Where an experiment stands in its sweep: on each of the axes. */
export type Coordinates = readonly Coordinate[];

/** A coordinate's value for people: `0.5`, `[256, 128]`, `{"schedule":"linear","end":5}`. */
export function valueLabel(value: Json): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.map(valueLabel).join(", ")}]`;
  return JSON.stringify(value);
}

/** An axis's name for people: the last key of its path where no other of `all` axes ends in the same, else the path. */
export function axisLabel(axis: string, all: readonly string[]): string {
  const last = (name: string) => name.slice(name.lastIndexOf(".") + 1);
  return all.filter((other) => last(other) === last(axis)).length > 1 ? axis : last(axis);
}
