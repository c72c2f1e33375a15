import { VARIANT_PLACES } from "../base/own_module.ts";
import { child } from "./messages/schema_tree.ts";

/** A spec's raw value in which what names a module says so under the key that tells variants apart. */
export function namedModules(root: unknown): unknown {
  for (const { path, tag } of VARIANT_PLACES) {
    const part = path.reduce<unknown>(child, root);
    if (child(part, "module") === undefined || child(part, tag) !== undefined) continue;
    (part as Record<string, unknown>)[tag] = "module";
  }
  return root;
}
