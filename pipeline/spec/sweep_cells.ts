import { createHash } from "node:crypto";
import { canonicalJson } from "../formats/canonical_json.ts";
import { axisLabel, type Coordinate, type Coordinates, valueLabel } from "../base/coordinates.ts";
import type { Json } from "../base/json.ts";

/** One way in which the cells of a sweep differ: the base spec, the case, or a path of the matrix. */
export interface Axis {
  /** `base`, `case`, or a path: `kl.freeBits`. */
  readonly name: string;
  readonly values: readonly Json[];
}

/** Every combination of the axes' values; the last axis changes fastest. */
export function combinations(axes: readonly Axis[]): Coordinates[] {
  let cells: Coordinates[] = [[]];
  for (const { name, values } of axes) {
    cells = cells.flatMap((cell) => values.map((value, index) => [...cell, { axis: name, value, index }]));
  }
  return cells;
}

/** Whether a cell has all of these values on the axes that they name. */
export function matches(cell: Coordinates, wanted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([axis, value]) =>
    cell.some((at) => at.axis === axis && canonicalJson(at.value) === canonicalJson(value))
  );
}

/**
 * A name for each cell, made from what differs: `conv-free-bits-0-5-seed-1`. An axis with one value is in the
 * name too, so that a second value renames no cell.
 */
export function cellNames(cells: readonly Coordinates[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell) => {
    const name = shortened(cell.map((at) => words(at, cell)).filter(Boolean).join("-") || "cell", 60);
    let unique = name;
    for (let i = 2; taken.has(unique); i++) unique = `${name}-${i}`;
    taken.add(unique);
    return unique;
  });
}

/** A name of at most `length` characters; a long one ends in a digest of the whole, so that two stay apart. */
export function shortened(name: string, length: number): string {
  if (name.length <= length) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, length - 9).replace(/-+$/, "")}-${digest}`;
}

function words({ axis, value, index }: Coordinate, cell: Coordinates): string {
  if (axis === "base" || axis === "case") return kebab(valueLabel(value));
  const label = axisLabel(axis, cell.map((at) => at.axis));
  const isPlain = Array.isArray(value)
    ? value.every((item) => typeof item !== "object")
    : typeof value !== "object";
  // What an object says does not fit in a name.
  return `${kebab(label)}-${isPlain ? kebab(valueLabel(value)) : index + 1}`;
}

function kebab(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(
    /^-|-$/g,
    "",
  );
}
