import { UserError } from "../base/errors.ts";
import { canonicalJson } from "../formats/canonical_json.ts";
import { nearest } from "../base/nearest.ts";
import { shown } from "./messages/expected.ts";
import { type Override, parsePath } from "./overrides.ts";
import type { Path, Problem } from "../base/problem.ts";
import { type Axis } from "./sweep_cells.ts";
import { valueLabel } from "../base/coordinates.ts";
import type { SweepSpec } from "./sweep_schema.ts";
import { startsWith } from "./variants.ts";

/** The keys of an experiment that a sweep gives to each cell itself. */
const RESERVED = ["$schema", "name", "title", "description"];

/** Axes that a sweep has by keys of its own, and how. */
const BESIDE_MATRIX = {
  base: 'Several base specs are a list beside the matrix: "base": ["a.json", "b.json"].',
  case: 'Cases stand beside the matrix: "cases": [{ "name": "a", "set": { "seed": 1 } }].',
};

/** What is wrong with a sweep before its cells are made. */
export function sweepProblems(spec: SweepSpec, axes: readonly Axis[]): Problem[] {
  const inPaths = pathProblems(spec);
  // What is no path cannot be compared with other paths.
  return inPaths.length > 0 ? inPaths : [...axisProblems(axes), ...excludeProblems(spec, axes)];
}

/** What is wrong with the paths of all changes. */
function pathProblems({ set, cases = [], matrix }: SweepSpec): Problem[] {
  const groups: [Path, object][] = [
    [["set"], set],
    ...cases.map(({ set }, i): [Path, object] => [["cases", i, "set"], set]),
    [["matrix"], matrix],
  ];
  return groups.flatMap(([at, changes]) =>
    Object.keys(changes).flatMap((key): Problem[] => {
      const problem = { path: [...at, key], atKey: true };
      const path = parsePath(key);
      if (!path) {
        return [{
          ...problem,
          message: `The path ${shown(key)} cannot be read`,
          notes: ['Keys are joined by dots: "model.encoder.units[0]".'],
        }];
      }
      if (Object.hasOwn(BESIDE_MATRIX, key)) {
        return [{
          ...problem,
          message: `${shown(key)} is not a key of the spec`,
          notes: [BESIDE_MATRIX[key as keyof typeof BESIDE_MATRIX]],
        }];
      }
      return RESERVED.includes(String(path[0]))
        ? [{
          ...problem,
          message: `A sweep cannot change ${path[0]}: that of a cell is made from what differs`,
        }]
        : [];
    })
  );
}

/** The same value twice on one axis, or one path inside another. */
function axisProblems(axes: readonly Axis[]): Problem[] {
  const problems: Problem[] = [];
  for (const { name, values } of axes) {
    if (name === "base") continue;
    const at = (i: number) => name === "case" ? ["cases", i, "name"] : ["matrix", name, i];
    const texts = values.map(canonicalJson);
    texts.forEach((text, i) => {
      if (texts.indexOf(text) < i) {
        problems.push({ path: at(i), message: `${name} has ${valueLabel(values[i]!)} twice` });
      }
    });
    if (name === "case") continue;
    const around = axes.find((other) =>
      other.name !== name && startsWith(parsePath(name)!, parsePath(other.name)!)
    );
    if (around) {
      problems.push({
        path: ["matrix", name],
        atKey: true,
        message: `${name} is a part of ${around.name}, which the matrix sets as a whole`,
        notes: ["Next: use cases."],
      });
    }
  }
  return problems;
}

function excludeProblems({ exclude }: SweepSpec, axes: readonly Axis[]): Problem[] {
  const names = axes.map(({ name }) => name);
  return exclude.flatMap((excluded, i): Problem[] => {
    const unknown = Object.keys(excluded).filter((name) => !names.includes(name));
    if (Object.keys(excluded).length === 0) {
      return [{ path: ["exclude", i], message: "An empty exclusion would leave no cell" }];
    }
    if (unknown.length > 0) {
      return unknown.map((name) => {
        const near = nearest(name, names);
        return {
          path: ["exclude", i, name],
          atKey: true,
          message: `The cells do not differ in ${shown(name)}`,
          notes: [...(near ? [`Did you mean "${near}"?`] : []), `They differ in ${names.join(", ")}.`],
        };
      });
    }
    return Object.entries(excluded).flatMap(([name, value]): Problem[] => {
      const { values } = axes.find((axis) => axis.name === name)!;
      if (values.some((other) => canonicalJson(other) === canonicalJson(value))) return [];
      return [{
        path: ["exclude", i, name],
        message: `No cell has this ${name}`,
        notes: [`There are ${values.slice(0, 20).map(valueLabel).join(", ")}.`],
      }];
    });
  });
}

/**
 * Refuses `--set` of what the sweep gives to each cell itself: cells that are there to differ would be alike.
 *
 * @throws UserError (exit status 2) at the first such setting
 */
export function checkSettings(settings: readonly Override[], { matrix }: SweepSpec): void {
  for (const { name, path } of settings) {
    if (RESERVED.includes(String(path[0]))) {
      throw new UserError(`${name}: a sweep gives each cell its own ${path[0]}`, { exitStatus: 2 });
    }
    const axis = Object.keys(matrix).find((key) => {
      const varied = parsePath(key)!;
      return startsWith(path, varied) || startsWith(varied, path);
    });
    if (axis !== undefined) {
      throw new UserError(`${name}: the sweep varies ${axis}`, {
        notes: [`Next: change the list of "${axis}" in the sweep.`],
        exitStatus: 2,
      });
    }
  }
}
