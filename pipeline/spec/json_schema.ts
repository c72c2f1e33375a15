import { jsonSchemaOf } from "../base/json_schema.ts";
import { clusterSchema } from "./cluster_schema.ts";
import { experimentSchema } from "./experiment.ts";
import { sweepSchema } from "./sweep_schema.ts";

/** The part of JSON Schema (draft 7) that the spec's schema uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** The schema of values whose keys are free; false where no other keys are allowed. */
  readonly additionalProperties?: JsonSchema | boolean;
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

let experiment: JsonSchema | undefined;
let sweep: JsonSchema | undefined;
let cluster: JsonSchema | undefined;

/** The JSON Schema of a spec as a user writes it. */
export function experimentJsonSchema(): JsonSchema {
  return experiment ??= jsonSchemaOf(experimentSchema) as JsonSchema;
}

/** The JSON Schema of a sweep as a user writes it. */
export function sweepJsonSchema(): JsonSchema {
  return sweep ??= jsonSchemaOf(sweepSchema) as JsonSchema;
}

/** The JSON Schema of a cluster's file as a user writes it. */
export function clusterJsonSchema(): JsonSchema {
  return cluster ??= jsonSchemaOf(clusterSchema) as JsonSchema;
}

/** The files in `experiments` that editors check specs and sweeps with. */
export const SCHEMA_FILES: readonly { readonly url: URL; text(): string }[] = [
  {
    url: new URL("../../experiments/experiment.schema.json", import.meta.url),
    text: () => fileText("Reparam experiment", experimentJsonSchema()),
  },
  {
    url: new URL("../../experiments/sweep.schema.json", import.meta.url),
    text: () => fileText("Reparam sweep", sweepJsonSchema()),
  },
  {
    url: new URL("../../experiments/cluster.schema.json", import.meta.url),
    text: () => fileText("Reparam cluster", clusterJsonSchema()),
  },
];

function fileText(title: string, schema: JsonSchema): string {
  return JSON.stringify({ title, ...schema }, null, 2) + "\n";
}

if (import.meta.main) { for (const { url, text } of SCHEMA_FILES) await Deno.writeTextFile(url, text()); }
