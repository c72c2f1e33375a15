import { experimentJsonSchema } from "./json_schema.ts";
import type { Override } from "./overrides.ts";
import type { Path } from "../base/problem.ts";
import { experimentSchema } from "./experiment.ts";
import { child, discriminator, schemaAt } from "./messages/schema_tree.ts";

/** An override that picked another variant of the union at `path`. */
export interface VariantSwitch {
  readonly path: Path;
  readonly override: Override;
}

/**
 * Where an override picks another variant of a union (`--set kl.schedule=constant`), removes from `root` what
 * the file says for the variant before and the new one does not accept (`end`). What the new one shares stays,
 * and overrides are never removed.
 */
export function switchVariants(
  root: unknown,
  file: unknown,
  overrides: readonly Override[],
): VariantSwitch[] {
  const switches = overrides.flatMap((override): VariantSwitch[] => {
    const path = override.path.slice(0, -1);
    const key = override.path.at(-1)!;
    const union = schemaAt(experimentJsonSchema(), path, root);
    const before = path.reduce(child, file);
    if (!union || before === undefined || child(before, key) === override.value) return [];
    const picks = discriminator(union) === key ||
      (union.anyOf?.some((variant) => variant.required?.includes(String(key))) &&
        child(before, key) === undefined);
    return picks ? [{ path, override }] : [];
  });
  for (const { path } of switches) dropOtherKeys(root, path, overrides);
  if (switches.length > 0) dropRefused(root, file, switches, overrides);
  return switches;
}

/** Removes all other keys where a union has no tag (`count` or `perClass`): none means the same in both variants. */
function dropOtherKeys(root: unknown, path: Path, overrides: readonly Override[]): void {
  if (!schemaAt(experimentJsonSchema(), path, root)?.anyOf) return;
  for (const key of Object.keys(path.reduce(child, root) as object)) {
    if (!isOverridden([...path, key], overrides)) remove(root, [...path, key]);
  }
}

function dropRefused(
  root: unknown,
  file: unknown,
  switches: readonly VariantSwitch[],
  overrides: readonly Override[],
): void {
  for (let found = true; found;) {
    found = false;
    for (const issue of experimentSchema.safeParse(root).error?.issues ?? []) {
      const at = issue.path as Path;
      const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...at, key]) : [at];
      for (const path of paths.map(withoutPositions)) {
        const inside = switches.some((change) =>
          change.path.length < path.length && startsWith(path, change.path)
        );
        if (!inside || isOverridden(path, overrides) || path.reduce(child, root) === undefined) continue;
        // A key that the variant before did not know either is the user's slip, to be told.
        if (!schemaAt(experimentJsonSchema(), path, file)) continue;
        remove(root, path);
        found = true;
      }
    }
  }
}

/** The path, or that of the list where it leads into one: a list is not thinned out. */
function withoutPositions(path: Path): Path {
  const position = path.findIndex((part) => typeof part === "number");
  return position < 0 ? path : path.slice(0, position);
}

/** Whether the value comes, wholly or in part, from the command line. */
function isOverridden(path: Path, overrides: readonly Override[]): boolean {
  return overrides.some((override) => startsWith(path, override.path) || startsWith(override.path, path));
}

/** Whether a path begins with the keys of another. */
export function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((part, i) => part === path[i]);
}

function remove(root: unknown, path: Path): void {
  delete (path.slice(0, -1).reduce(child, root) as Record<string, unknown>)[path.at(-1)!];
}
