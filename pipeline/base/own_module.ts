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

/** A place where a spec may name a module of the user's. */
export interface ModulePlace {
  /** The role that loads it in stages. */
  readonly role: "dataset" | "architecture" | "likelihood" | "objective" | `figure/${string}`;
  readonly path: readonly (string | number)[];
  /** Whether looking at the module finds out more of it, which the spec then has under `about`. */
  readonly isDescribed: boolean;
}

/** Places that tell by a key which variant they name. */
export const VARIANT_PLACES: readonly (ModulePlace & { readonly tag: string })[] = [
  { role: "dataset", path: ["dataset"], tag: "name", isDescribed: false },
  { role: "architecture", path: ["model"], tag: "architecture", isDescribed: true },
  { role: "likelihood", path: ["model", "likelihood"], tag: "family", isDescribed: true },
  { role: "objective", path: ["objective"], tag: "name", isDescribed: true },
];

/** A figure of the user's, as a spec names it. */
export interface OwnFigure extends OwnModule {
  /** Names its files. */
  readonly name: string;
}

/** The places where a spec names a module of the user's. @param spec or some of its parts, under their keys */
export function modulePlaces(spec: object): ModulePlace[] {
  const { figures } = spec as { readonly figures?: { readonly own?: readonly OwnFigure[] | undefined } };
  const ofFigures = (figures?.own ?? []).map(({ name }, i): ModulePlace => ({
    role: `figure/${name}`,
    path: ["figures", "own", i],
    isDescribed: false,
  }));
  return [...VARIANT_PLACES, ...ofFigures].filter(({ path }) => {
    const part = path.reduce<unknown>((value, key) => value?.[key as keyof typeof value], spec);
    return typeof part === "object" && part !== null && isOwn(part);
  });
}

/** Changes what a spec says of the modules of the user's that it names. @param spec or some of its parts, under their keys */
export function changeModules<Spec extends object>(
  spec: Spec,
  change: (part: OwnModule, place: ModulePlace) => object,
): Spec {
  return modulePlaces(spec).reduce(
    (changed, place) => changeAt(changed, place.path, (part) => change(part, place)),
    spec,
  );
}

function changeAt<Value>(
  value: Value,
  [key, ...rest]: ModulePlace["path"],
  change: (part: OwnModule) => object,
): Value {
  if (key === undefined) return change(value as OwnModule) as Value;
  const inside = changeAt(value[key as keyof Value], rest, change);
  return Array.isArray(value) ? value.with(key as number, inside) as Value : { ...value, [key]: inside };
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
  return changeModules(spec, (part, { isDescribed }) => {
    const { about, ...written } = part as OwnModule & { readonly about?: unknown };
    return {
      ...written,
      ...(isDescribed || about === undefined ? {} : { about }),
      module: path(part.module),
    };
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
