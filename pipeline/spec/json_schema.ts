import { z } from "zod";
import { experimentSchema } from "./schema.ts";

/** The part of JSON Schema (draft 7) that the spec's schema uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly pattern?: string;
}

let cached: JsonSchema | undefined;

/** The JSON Schema of a spec as a user writes it. Draft 7 is what editors understand best. */
export function experimentJsonSchema(): JsonSchema {
  return cached ??= z.toJSONSchema(experimentSchema, {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => {
      // Bounds of exact integers say nothing to a reader.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as JsonSchema;
}

/** The text of `experiments/experiment.schema.json`. */
export function schemaFileText(): string {
  const schema = { title: "Reparam experiment", ...experimentJsonSchema() };
  return JSON.stringify(schema, null, 2) + "\n";
}

export const SCHEMA_FILE = new URL("../../experiments/experiment.schema.json", import.meta.url);

if (import.meta.main) await Deno.writeTextFile(SCHEMA_FILE, schemaFileText());
