import type { z } from "zod";
import { fileUrl, type ModuleUrl } from "../base/module_url.ts";
import type { OwnFigure } from "../base/own_module.ts";
import { architecture } from "./architecture/spec.ts";
import { attributes } from "./attributes/spec.ts";
import { classSamples } from "./class_samples/spec.ts";
import { classShift } from "./class_shift/spec.ts";
import { completion } from "./completion/spec.ts";
import { denoising } from "./denoising/spec.ts";
import { fewLabels } from "./few_labels/spec.ts";
import type { FigureModule } from "./figure.ts";
import type { FigureSpec, Filled } from "./figure_spec.ts";
import { harmonisation } from "./harmonisation/spec.ts";
import { importanceBound } from "./importance_bound/spec.ts";
import { interpolation } from "./interpolation/spec.ts";
import type { FigureKind } from "./kinds.ts";
import { klPerDimension } from "./kl_per_dimension/spec.ts";
import { latentScatter } from "./latent_scatter/spec.ts";
import { learningCurves } from "./learning_curves/spec.ts";
import { linearSubspace } from "./linear_subspace/spec.ts";
import { manifold } from "./manifold/spec.ts";
import { manifoldAnimation } from "./manifold_animation/spec.ts";
import { musicStatistics } from "./music_statistics/spec.ts";
import { posteriorAnimation } from "./posterior_animation/spec.ts";
import { posteriorEvolution } from "./posterior_evolution/spec.ts";
import { posteriorSamples } from "./posterior_samples/spec.ts";
import { predictionError } from "./prediction_error/spec.ts";
import { priorSamples } from "./prior_samples/spec.ts";
import { reconstructions } from "./reconstructions/spec.ts";
import { sampleQuality } from "./sample_quality/spec.ts";
import type { StudyModule } from "./study.ts";
import { traversal } from "./traversal/spec.ts";

/**
 * The figures that a spec can ask for, by name. Options stand in the spec in this order, and studies in `metrics.json`.
 * Stages know nothing of this table: they load the modules that their declarations take from it.
 */
export const FIGURES = {
  "architecture": architecture,
  "learning-curves": learningCurves,
  "prior-samples": priorSamples,
  "manifold": manifold,
  "reconstructions": reconstructions,
  "interpolation": interpolation,
  "traversal": traversal,
  "latent-scatter": latentScatter,
  "posterior-evolution": posteriorEvolution,
  "kl-per-dimension": klPerDimension,
  "importance-bound": importanceBound,
  "music-statistics": musicStatistics,
  "posterior-animation": posteriorAnimation,
  "manifold-animation": manifoldAnimation,
  "completion": completion,
  "denoising": denoising,
  "attributes": attributes,
  "class-samples": classSamples,
  "class-shift": classShift,
  "sample-quality": sampleQuality,
  "posterior-samples": posteriorSamples,
  "harmonisation": harmonisation,
  "few-labels": fewLabels,
  "linear-subspace": linearSubspace,
  "prediction-error": predictionError,
} satisfies Readonly<Record<string, FigureSpec>>;

/** A figure's name in a spec. */
export type FigureName = keyof typeof FIGURES;

type OptionsOf<Spec> = Spec extends { readonly options: infer Shape } ? Shape : never;
type Intersection<Union> = (Union extends unknown ? (part: Union) => void : never) extends
  (whole: infer Whole) => void ? Whole : never;
type OptionShape = Intersection<OptionsOf<typeof FIGURES[FigureName]>> extends
  infer Shape extends z.ZodRawShape ? { readonly [Option in keyof Shape]: Shape[Option] } : never;

/** The options of all figures with every default filled in. */
export type FigureOptions = Filled<OptionShape>;

/** Each figure takes its options from those of all. */
const SPECS: Readonly<Record<FigureName, FigureSpec<FigureOptions>>> = FIGURES;

/** The names of all figures, in the order of the table. */
export const FIGURE_NAMES = Object.keys(FIGURES) as FigureName[];

/** The options of all figures: a fragment of the schema. */
export const FIGURE_OPTIONS: OptionShape = Object.assign(
  {},
  ...Object.values(SPECS).map(({ options }) => options),
);

/** The `figures` of a spec. */
export type FiguresSpec = FigureOptions & OwnFigures & { readonly show: readonly FigureName[] };

/** Figures of the user's, which a spec names by their modules. */
export interface OwnFigures {
  /** Shown behind all others. */
  readonly own?: readonly OwnFigure[] | undefined;
}

/** What of the `figures` of a spec those that it shows go by. */
export function shownFigures(
  { show, own = [], ...options }: FiguresSpec,
): OwnFigures & { readonly show: readonly FigureName[] } {
  const used = new Set(show.flatMap((name) => Object.keys(SPECS[name].options ?? {})));
  const ofShown = Object.fromEntries(Object.entries(options).filter(([name]) => used.has(name)));
  return { show, ...(own.length > 0 ? { own } : {}), ...ofShown };
}

/** The modules that draw the user's figures, by the role that loads them. */
export function ownFigureModules({ own = [] }: OwnFigures): Record<FigureRole, ModuleUrl<FigureModule>> {
  return Object.fromEntries(own.map(({ name, module }) => [`figure/${name}`, fileUrl(module)]));
}

/** Those of some figures that are left out where there are no classes to tell apart. */
export function comparingClasses(names: readonly FigureName[]): FigureName[] {
  return names.filter((name) => SPECS[name].comparesClasses);
}

/** Those of some figures that are left out where the model is conditional. */
export function ignoringClasses(names: readonly FigureName[]): FigureName[] {
  return names.filter((name) => SPECS[name].ignoresClasses);
}

/** Whether one of these figures has pictures judged by a classifier. */
export function classifying(names: readonly FigureName[]): boolean {
  return names.some((name) => SPECS[name].classifies);
}

/** The spec part of a figure. */
export function figureSpec(name: FigureName): FigureSpec<FigureOptions> {
  return SPECS[name];
}

/**
 * The modules that draw figures of data of a kind, by the role that the render stage loads them in; a figure that does
 * not exist of such data has none.
 */
export function figureModules(
  names: readonly FigureName[],
  kind: FigureKind,
): Record<FigureRole, ModuleUrl<FigureModule>> {
  return Object.fromEntries(names.flatMap((name) => {
    const module = SPECS[name].of[kind]?.figure;
    // Whoever draws figures of a kind has the data of that kind.
    return module ? [[`figure/${name}`, module as ModuleUrl<FigureModule>]] : [];
  }));
}

/** The modules that measure what figures of data of a kind show, by the role that the evaluate stage loads them in. */
export function studyModules(
  names: readonly FigureName[],
  kind: FigureKind,
): Record<StudyRole, ModuleUrl<StudyModule>> {
  return Object.fromEntries(
    FIGURE_NAMES.filter((name) => names.includes(name)).flatMap((name) => {
      const module = SPECS[name].of[kind]?.study;
      return module ? [[`study/${name}`, module]] : [];
    }),
  );
}

/** The role that loads the code of a figure. */
export type FigureRole = `figure/${string}`;
/** The role that loads the code of a study. */
export type StudyRole = `study/${string}`;
