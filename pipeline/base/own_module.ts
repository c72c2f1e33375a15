import type { Json } from "./json.ts";

/** A module of a user's where a spec could name a variant. */
export interface OwnModule {
  /** Its file: in a spec as it is written, then absolute, in keys its last name alone. */
  readonly module: string;
  /** What the module's own schema makes of what the spec says; as it is written until the module was looked at. */
  readonly options: Readonly<Record<string, Json>>;
}

/**
 * A part of a spec whose variant is a module of the user's, as the module's code is given it.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import type { Likelihood, OwnPart } from "reparam";
 * import { z } from "zod";
 *
 * export const options = z.strictObject({ scale: z.number().positive().default(0.2) });
 * export const about = { title: "Laplace", output: "medians" };
 *
 * export function createLikelihood({ options: { scale } }: OwnPart<z.output<typeof options>>): Likelihood {
 *   return {
 *     negativeLogLikelihood: (output, x) =>
 *       tf.sum(tf.add(tf.div(tf.abs(tf.sub(x, output)), scale), Math.log(2 * scale)), 1),
 *     mean: (output) => output as tf.Tensor2D,
 *   };
 * }
 * ```
 */
export interface OwnPart<Options extends object> {
  /** What the spec says under `options`, as the module's own schema reads it. */
  readonly options: Options;
}

/** Where a spec may name a module of the user's. */
export const MODULE_PLACES: readonly {
  /** The role that loads it in stages. */
  readonly role: "architecture" | "likelihood" | "objective";
  readonly path: readonly string[];
  /** The key that tells variants apart there. */
  readonly tag: string;
}[] = [
  { role: "architecture", path: ["model"], tag: "architecture" },
  { role: "likelihood", path: ["model", "likelihood"], tag: "family" },
  { role: "objective", path: ["objective"], tag: "name" },
];

/** Changes what a spec says of the modules of the user's that it names. @param spec or some of its parts, under their keys */
export function changeModules<Spec extends object>(
  spec: Spec,
  change: (part: OwnModule, place: typeof MODULE_PLACES[number]) => object,
): Spec {
  return MODULE_PLACES.reduce(
    (changed, place) => changeAt(changed, place.path, (part) => change(part, place)),
    spec,
  );
}

function changeAt<Value>(
  value: Value,
  [key, ...rest]: readonly string[],
  change: (part: OwnModule) => object,
): Value {
  if (typeof value !== "object" || value === null) return value;
  if (key === undefined) return isOwn(value) ? change(value) as Value : value;
  if (!(key in value)) return value;
  return { ...value, [key]: changeAt(value[key as keyof Value], rest, change) };
}

/** Whether a part of a spec names a module of the user's. */
export function isOwn<Part extends object>(part: Part): part is Part & OwnModule {
  return "module" in part;
}

/**
 * Parts of a spec as keys have them: neither where a module lies nor what follows from its code.
 *
 * @param spec or some of its parts, under their keys
 * @param path of a module there, in place of its last name
 */
export function inKey<Spec extends object>(spec: Spec, path: (module: string) => string = lastName): Spec {
  return changeModules(spec, (part) => {
    const { about: _, ...written } = part as OwnModule & { readonly about?: unknown };
    return { ...written, module: path(part.module) };
  });
}

/** What a variant is called: a module of the user's by its file. */
export function titleOfVariant(part: object, name: string): string {
  return isOwn(part) ? lastName(part.module) : name;
}

/** The last name of a module's file. */
export function lastName(module: string): string {
  return module.slice(Math.max(module.lastIndexOf("/"), module.lastIndexOf("\\")) + 1);
}
