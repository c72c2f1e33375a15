import type { JsonSchema } from "../json_schema.ts";
import { printable } from "../../base/printable.ts";
import { discriminator } from "./schema_tree.ts";

/** What a schema allows, to stand after "must be": `a whole number of at least 1`. */
export function expected(schema: JsonSchema): string {
  const choices = allowedNames(schema);
  if (choices.length === 1) return JSON.stringify(choices[0]);
  if (choices.length > 1) return `one of ${choices.map((name) => JSON.stringify(name)).join(", ")}`;
  const key = discriminator(schema);
  if (key !== undefined) return `an object with "${key}"`;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(expected))].join(" or ");
  switch (schema.type) {
    case "integer":
      return `a whole number${range(schema)}`;
    case "number":
      return `a number${range(schema)}`;
    case "boolean":
      return "true or false";
    case "string":
      return text(schema);
    case "array":
      return list(schema);
    default:
      return schema.required?.length ? `an object with "${schema.required.join('", "')}"` : "an object";
  }
}

/** The names that a text must be one of; empty where it is free. */
export function allowedNames(schema: JsonSchema): string[] {
  const values = schema.const !== undefined ? [schema.const] : schema.enum ?? [];
  return values.map(String);
}

/** A value as it is shown in a message, on one short line. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  }
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return printable(text.length <= 60 ? text : `${text.slice(0, 57).replace(/[\ud800-\udbff]$/, "")}..."`);
}

function range(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  const low = minimum !== undefined ? `of at least ${minimum}` : above !== undefined ? `above ${above}` : "";
  const high = maximum !== undefined ? `at most ${maximum}` : below !== undefined ? `below ${below}` : "";
  return [low, high].filter(Boolean).map((part, i) => i === 0 ? ` ${part}` : ` and ${part}`).join("");
}

function text({ minLength, maxLength, format, pattern }: JsonSchema): string {
  if (pattern !== undefined && format === undefined) return "a plain name";
  if (format === "uri") return "an http or https address";
  if (maxLength !== undefined) return `text of at most ${maxLength} characters`;
  return minLength !== undefined ? "text that is not empty" : "text";
}

function list({ items, minItems, maxItems }: JsonSchema): string {
  if (Array.isArray(items)) return `a list of ${items.length} values`;
  if (minItems !== undefined && maxItems !== undefined) return `a list of ${minItems} to ${maxItems} values`;
  if (maxItems !== undefined) return `a list of at most ${maxItems} values`;
  return minItems !== undefined ? "a list that is not empty" : "a list";
}
