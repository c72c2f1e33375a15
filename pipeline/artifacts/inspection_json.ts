import { jsonArtifact } from "./artifact.ts";
import type { Json } from "../base/json.ts";

/** What a module's own schema makes of the options in a spec: their values, or what it has against them. */
export type OptionsOf =
  | { readonly value: Readonly<Record<string, Json>> }
  /** zod's issues, and the schema as JSON Schema. */
  | { readonly issues: readonly Json[]; readonly schema: Json };

/** What is found by looking at the modules of a user's that a spec names. */
export interface Inspection {
  /** The options of each, by its role. */
  readonly options: Readonly<Record<string, OptionsOf>>;
  /** What is to be known of each, by its role, where all options are as they should be. */
  readonly about?: Readonly<Record<string, object>>;
}

/** What is known of the modules of a user's before anything is run. */
export const INSPECTION_JSON = jsonArtifact<Inspection>("inspect/inspection.json");
