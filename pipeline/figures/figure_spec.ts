import type { z } from "zod";
import type { ModuleUrl } from "../base/module_url.ts";
import type { Problem } from "../base/problem.ts";
import type { FigureModule } from "./figure.ts";
import type { DataOfKind, ImageFigureData } from "./kinds.ts";
import type { Measured, StudyModule } from "./study.ts";

/**
 * What an experiment's spec may say of a figure, and where the modules stand that make it.
 *
 * @example
 * ```ts
 * import { type FigureModule, type FigureSpec, type Filled, moduleUrl } from "reparam";
 * import { z } from "zod";
 *
 * const options = { bins: z.int().min(2).default(30).describe("Bars of the histogram.") };
 * export type HistogramOptions = Filled<typeof options>;
 *
 * const figure = moduleUrl<FigureModule>(new URL("./figure.ts", import.meta.url));
 * export const lossHistogram = { options, of: { images: { figure }, music: { figure } } } satisfies FigureSpec;
 * ```
 */
// deno-lint-ignore no-explicit-any -- the options are those of any figure; the table holds each to its own
export interface FigureSpec<Options = any> {
  /** The settings in the spec's `figures` that it goes by: a fragment of the schema, which figures may share. */
  readonly options?: z.ZodRawShape;
  /** The kinds of data that it exists of. */
  readonly of: { readonly [Kind in keyof DataOfKind]?: FigureOf<DataOfKind<Options, undefined>[Kind]> };
  /** How many test examples it shows, by the option that says so. */
  readonly testExamples?: (options: Options) => Readonly<Record<string, number>>;
  /** Whether it is left out where there are no classes to tell apart. */
  readonly comparesClasses?: boolean;
  /** Whether it is left out where the model is conditional, because it decodes codes that are of no class. */
  readonly ignoresClasses?: boolean;
  /** Whether its study has pictures judged by a classifier (`StudyContext.classifier`). */
  readonly classifies?: boolean;
  /** What has to be there for it to be shown, and is not. */
  readonly needs?: (spec: FigureConditions) => Need | undefined;
  /** What is wrong with its options, shown or not; the paths start at the spec's root. */
  readonly problems?: (options: Options, spec: FigureConditions) => Problem[];
}

/** A figure of one kind of data. */
export interface FigureOf<Data> {
  /** Where the module stands that draws it. */
  readonly figure: ModuleUrl<FigureModule<Data>>;
  /** What the evaluation measures where the figure is asked for. */
  readonly study?: ModuleUrl<StudyModule>;
}

/**
 * A figure of pictures that shows what its study measured: the one is held to the other's metrics.
 *
 * @example
 * ```ts
 * import { type FigureModule, type ImageFigureData, type Measured } from "reparam";
 * import { moduleUrl, studied, type StudyModule } from "reparam";
 *
 * interface Brightness {
 *   readonly mean: number;
 * }
 *
 * export const brightness = {
 *   of: {
 *     images: studied({
 *       figure: moduleUrl<FigureModule<ImageFigureData<unknown, Measured<Brightness>>>>(
 *         new URL("./figure.ts", import.meta.url),
 *       ),
 *       study: moduleUrl<StudyModule<Brightness>>(new URL("./study.ts", import.meta.url)),
 *     }),
 *   },
 * };
 * ```
 */
export function studied<Metrics>(of: {
  // deno-lint-ignore no-explicit-any -- as in FigureSpec
  readonly figure: ModuleUrl<FigureModule<ImageFigureData<any, Measured<Metrics>>>>;
  readonly study: ModuleUrl<StudyModule<Metrics>>;
}): FigureOf<ImageFigureData<unknown, undefined>> {
  // Whoever draws a figure that has a study gives it what the study measured.
  return of as unknown as FigureOf<ImageFigureData<unknown, undefined>>;
}

/** The parts of a spec that figures depend on. */
export interface FigureConditions {
  /** What training was asked to do beyond fitting the model. */
  readonly training: {
    readonly inputNoise?: number | undefined;
    readonly manifoldSnapshots?: number | undefined;
  };
  /** The model's family of likelihoods. */
  readonly likelihood: { readonly title: string; readonly exponentialFamily: boolean };
  /** Names of the classes; undefined where they are not known before the files are read. */
  readonly classes: readonly string[] | undefined;
}

/** What a figure misses. */
export interface Need {
  /** Ends the sentence "The figure needs ...". */
  readonly what: string;
  /** The next step. */
  readonly next: string;
}

/** The values of options after all defaults are filled in. */
export type Filled<Shape extends z.ZodRawShape> = Complete<z.output<z.ZodObject<Shape>>>;

/** A value none of whose keys is optional. */
export type Complete<Value> = Value extends object
  ? { readonly [Key in keyof Value]-?: Complete<Exclude<Value[Key], undefined>> }
  : Value;
