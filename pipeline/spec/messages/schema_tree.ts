import type { JsonSchema } from "../json_schema.ts";
import type { Path } from "../../base/problem.ts";

/**
 * The schemas that apply at a path of `value`: one, or several where a union's variant is not settled
 * (its key is missing or wrong), or none where no such path exists.
 */
export function schemasAt(root: JsonSchema, path: Path, value: unknown): JsonSchema[] {
  let schemas = variants(root, value);
  let current = value;
  for (const part of path) {
    current = child(current, part);
    schemas = schemas.flatMap((schema) => {
      const inside = member(schema, part);
      return inside ? variants(inside, current) : [];
    });
  }
  return schemas;
}

/** The schema of a path before a union's variant is picked. */
export function schemaAt(root: JsonSchema, path: Path, value: unknown): JsonSchema | undefined {
  if (path.length === 0) return root;
  const last = path.at(-1)!;
  for (const parent of schemasAt(root, path.slice(0, -1), value)) {
    const inside = member(parent, last);
    if (inside) return inside;
  }
  return undefined;
}

/** The key whose value tells the variants of a union apart (`schedule`), where there is one. */
export function discriminator(schema: JsonSchema): string | undefined {
  const keys = Object.entries(schema.oneOf?.[0]?.properties ?? {});
  return keys.find(([, inside]) => inside.const !== undefined)?.[0];
}

/** The value of `key` that stands for this variant. */
export function variantName(variant: JsonSchema, key: string): string {
  return String(variant.properties?.[key]?.const);
}

/** The paths (`training.epochs`) of every key with this name, in any variant. */
export function pathsOfKey(schema: JsonSchema, key: string): string[] {
  return keyPaths(schema).filter(({ path }) => `.${path}`.endsWith(`.${key}`)).map(({ path }) => path);
}

/** The paths of every key that has no keys of its own, in any variant. */
export function leafPaths(schema: JsonSchema): string[] {
  return keyPaths(schema).filter(({ isLeaf }) => isLeaf).map(({ path }) => path);
}

/** Every key once, those around it first. */
function keyPaths(schema: JsonSchema, prefix = ""): { readonly path: string; readonly isLeaf: boolean }[] {
  const found = new Map<string, boolean>();
  for (const object of [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) {
    for (const [name, inside] of Object.entries(object.properties ?? {})) {
      const path = prefix === "" ? name : `${prefix}.${name}`;
      const deeper = keyPaths(inside, path);
      found.set(path, deeper.length === 0);
      for (const { path, isLeaf } of deeper) found.set(path, isLeaf);
    }
  }
  return Array.from(found, ([path, isLeaf]) => ({ path, isLeaf }));
}

/** An own property or list element, never one inherited from Object.prototype. */
export function child(value: unknown, part: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
  return (value as Record<string | number, unknown>)[part];
}

function member(schema: JsonSchema, part: string | number): JsonSchema | undefined {
  if (typeof part === "string") {
    if (Object.hasOwn(schema.properties ?? {}, part)) return schema.properties![part];
    const { additionalProperties } = schema;
    return typeof additionalProperties === "object" ? additionalProperties : undefined;
  }
  const { items } = schema;
  return Array.isArray(items) ? items[part] : items as JsonSchema | undefined;
}

function variants(schema: JsonSchema, value: unknown): JsonSchema[] {
  if (schema.oneOf) {
    const key = discriminator(schema)!;
    const chosen = schema.oneOf.filter((variant) => variantName(variant, key) === child(value, key));
    return chosen.length > 0 ? chosen : [...schema.oneOf];
  }
  if (schema.anyOf) {
    const chosen = schema.anyOf.filter((variant) =>
      variant.required?.every((key) => child(value, key) !== undefined)
    );
    return chosen.length > 0 ? chosen : [...schema.anyOf];
  }
  return [schema];
}
