import type { Path } from "../base/problem.ts";
import { child } from "./messages/schema_tree.ts";

/** Where a spec may name a module of the user's, and the key that tells variants apart there. */
const PLACES: readonly { readonly path: Path; readonly tag: string }[] = [
  { path: ["model"], tag: "architecture" },
];

/** A spec's raw value in which what names a module says so under the key that tells variants apart. */
export function namedModules(root: unknown): unknown {
  for (const { path, tag } of PLACES) {
    const part = path.reduce<unknown>(child, root);
    if (child(part, "module") === undefined || child(part, tag) !== undefined) continue;
    (part as Record<string, unknown>)[tag] = "module";
  }
  return root;
}
