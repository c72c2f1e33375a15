import type { z } from "zod";
import { nearest } from "../../base/nearest.ts";
import { allowedNames, expected, shown } from "./expected.ts";
import { experimentJsonSchema, type JsonSchema } from "../json_schema.ts";
import { type Path, pathName, type Problem } from "../../base/problem.ts";
import { printable } from "../../base/printable.ts";
import { child, discriminator, pathsOfKey, schemaAt, schemasAt, variantName } from "./schema_tree.ts";

type Issue = z.core.$ZodIssue;

/** More unknown keys than this in one object are not looked at: a hostile file may have thousands. */
const MOST_KEYS = 50;

/** A value that the zod schema behind `schema` refused. */
interface Refused {
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** What it is called as a whole: "the spec". */
  readonly name: string;
}

/** Says in words what the schema has against `value`. @param name what a user calls the value as a whole */
export function describeIssues(
  issues: readonly Issue[],
  value: unknown,
  schema: JsonSchema = experimentJsonSchema(),
  name = "the spec",
): Problem[] {
  const root = { schema, value, name };
  const problems = issues.flatMap((issue) => describe(issue, issue.path as Path, root));
  // A misspelt key is told once, not again as the key that is missing for it.
  const meant = new Set(problems.flatMap(({ meant }) => meant ? [pathName(meant)] : []));
  // A whole number that is too large breaks two rules of zod's in the same words.
  const told = new Set<string>();
  return problems.filter(({ missing, path, message }) => {
    const isNews = !(missing && meant.has(pathName(path))) && !told.has(message);
    told.add(message);
    return isNews;
  });
}

interface DescribedProblem extends Problem {
  readonly missing?: boolean;
  /** The path that an unknown key was probably meant to be. */
  readonly meant?: Path;
}

function describe(issue: Issue, path: Path, root: Refused): DescribedProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, MOST_KEYS).map((key) => unknownKey(path, key, root));
  }
  const value = path.reduce(child, root.value);
  const schema = schemaAt(root.schema, path, root.value);
  if (!schema) throw new TypeError(`the schema has no ${pathName(path)}`);

  if (issue.code === "invalid_union" && schema.anyOf) {
    const chosen = schema.anyOf.filter((variant) =>
      variant.required?.every((key) => child(value, key) !== undefined)
    );
    if (chosen.length > 1) return [bothVariants(path, chosen, root)];
    const index = schema.anyOf.indexOf(chosen[0]!);
    if (index >= 0) {
      return issue.errors[index]!.flatMap((inner) => describe(inner, [...path, ...inner.path as Path], root));
    }
  }
  return [wrongValue(path, schema, value, root)];
}

function unknownKey(path: Path, key: string, root: Refused): DescribedProblem {
  const here = schemasAt(root.schema, path, root.value);
  const names = [...new Set(here.flatMap((inside) => Object.keys(inside.properties ?? {})))];
  const close = nearest(key, names);
  const notes: string[] = [];
  if (close) notes.push(`Did you mean "${close}"?`);
  else notes.push(...elsewhere(path, key, root));
  notes.push(`Allowed: ${names.map((name) => `"${name}"`).join(", ")}.`);
  return {
    path: [...path, key],
    atKey: true,
    message: `${shown(key)} is not a key of ${pathName(path, root.name)}${variantOf(path, root)}`,
    notes,
    ...(close ? { meant: [...path, close] } : {}),
  };
}

/** ` with schedule "linear"` where the path is a variant of a union. */
function variantOf(path: Path, root: Refused): string {
  const union = schemaAt(root.schema, path, root.value);
  const key = union && discriminator(union);
  return key ? ` with ${key} ${shown(child(path.reduce(child, root.value), key))}` : "";
}

/** Where an unknown key would be right: in another variant of the union, or elsewhere in the spec. */
function elsewhere(path: Path, key: string, root: Refused): string[] {
  const union = schemaAt(root.schema, path, root.value);
  const tag = union && discriminator(union);
  if (union && tag) {
    const owners = union.oneOf!.filter((variant) => Object.hasOwn(variant.properties ?? {}, key));
    const names = owners.map((variant) => `"${variantName(variant, tag)}"`);
    if (names.length > 0) return [`It goes with ${tag} ${names.join(", ")}.`];
  }
  const places = pathsOfKey(root.schema, key);
  return places.length > 0 ? [`Did you mean ${places.slice(0, 3).join(" or ")}?`] : [];
}

function bothVariants(path: Path, variants: readonly JsonSchema[], { name }: Refused): DescribedProblem {
  const keys = variants.map((variant) => `"${variant.required!.join('", "')}"`);
  return { path, message: `${pathName(path, name)} has ${keys.join(" and ")}: one of them is allowed` };
}

function wrongValue(path: Path, schema: JsonSchema, value: unknown, root: Refused): DescribedProblem {
  const allowed = tagNames(path, root) ?? allowedNames(schema);
  const wanted = allowed.length > 1 ? expected({ enum: allowed }) : expected(schema);
  const about = schema.description && allowed.length === 0 ? [schema.description] : [];
  if (value === undefined) {
    return {
      path,
      missing: true,
      message: `${pathName(path, root.name)} is missing: it must be ${wanted}`,
      notes: about,
    };
  }
  const close = typeof value === "string" ? nearest(value, allowed) : undefined;
  return {
    path,
    message: `${pathName(path, root.name)} must be ${wanted}: it is ${shown(value)}`,
    notes: [
      ...(close ? [`Did you mean "${close}"?`] : []),
      ...asObject(schema, value),
      ...asWhole(schema, value),
      ...asSweep(path, value),
      ...about,
    ],
  };
}

/** Where a whole number is too large to be told from its neighbours, which no schema states. */
function asWhole({ type, maximum }: JsonSchema, value: unknown): string[] {
  const isTooLarge = type === "integer" && maximum === undefined && Number(value) > Number.MAX_SAFE_INTEGER;
  return isTooLarge ? [`The largest is ${Number.MAX_SAFE_INTEGER}.`] : [];
}

/** `--set seed=1,2,3`, which runs all three in other tools. */
function asSweep(path: Path, value: unknown): string[] {
  return typeof value === "string" && /^[^,]+(,[^,]+)+$/.test(value)
    ? [`Several values are tried by a sweep: "matrix": { "${pathName(path)}": [${printable(value)}] }.`]
    : [];
}

/** What the key at the end of the path may say, where it is the one that picks a union's variant. */
function tagNames(path: Path, root: Refused): string[] | undefined {
  const union = path.length > 0 ? schemaAt(root.schema, path.slice(0, -1), root.value) : undefined;
  const tag = union && discriminator(union);
  return tag !== undefined && tag === path.at(-1)
    ? union!.oneOf!.map((variant) => variantName(variant, tag))
    : undefined;
}

/** `"optimiser": "adam"` is a natural guess for `"optimiser": { "name": "adam" }`. */
function asObject(union: JsonSchema, value: unknown): string[] {
  const tag = discriminator(union);
  if (tag === undefined || typeof value !== "string") return [];
  const names = union.oneOf!.map((variant) => variantName(variant, tag));
  const close = nearest(value, names);
  return close ? [`Next: { "${tag}": "${close}" }.`] : [`Allowed: ${tag} ${names.join(", ")}.`];
}
