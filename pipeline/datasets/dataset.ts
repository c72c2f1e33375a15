import type { z } from "zod";
import type { KindFacts, KindName } from "../kinds/kinds.ts";
import type { Places } from "./origin.ts";
import type { Contents, Credits } from "../artifacts/source_json.ts";
import type { Nouns } from "../base/words.ts";
import type { SourceSpec } from "./sources/source.ts";

/** A dataset that a spec can name, as far as it is known before its files are read. */
export interface DatasetDefinition<Kind extends KindName = KindName> {
  /** Has `name` as a literal, and the keys of its kind. */
  readonly schema: z.ZodObject;
  readonly title: string;
  readonly nouns: Nouns;
  /** How its examples are prepared, judged and shown. */
  readonly kind: Kind;
  /** What its kind needs to know of it. */
  readonly facts: KindFacts[Kind];
  readonly credits: Credits;
  readonly places: Places;
  /** Labels that the figure of an interpolation goes between. Default: the first and the last. */
  readonly interpolation?: { readonly from: number; readonly to: number };
  /**
   * What every source is held to.
   *
   * @throws {UserError} where the user's own cannot be read
   */
  contents(source: SourceSpec): Contents;
}
