import { datasetOf, kindOf } from "../datasets/datasets.ts";
import type { DatasetBase } from "../kinds/dataset_base.ts";
import { architectureOf, writesInTurn } from "../vae/architectures/architectures.ts";
import { fillGeneration } from "../kinds/music/schema.ts";
import type { FigureName } from "../figures/figures.ts";
import type { WrittenExperiment } from "./schema.ts";

/** Test examples that figures and measures make do with where the test part has as many: more cost time and size. */
const SCATTER_POINTS = 4000, IMPORTANCE_EXAMPLES = 100;

/** Settles the defaults that depend on other values. */
export function fillDefaults(spec: WrittenExperiment) {
  const { training, evaluation, figures, generation } = spec;
  const { preparation, interpolation } = datasetOf(spec.dataset);
  const kind = kindOf(spec.dataset);
  const dataset: DatasetBase = preparation.fillDefaults(spec.dataset);
  const testSize = preparation.partSizes(dataset)?.test ?? Infinity;
  const { from, to, steps } = figures.interpolation;
  return {
    ...spec,
    dataset,
    model: fillModel(spec.model, preparation.channels(dataset)),
    training: { ...training, latentSnapshots: training.latentSnapshots ?? defaultSnapshots(training.epochs) },
    evaluation: {
      ...evaluation,
      importanceExamples: evaluation.importanceExamples ?? Math.min(IMPORTANCE_EXAMPLES, testSize),
    },
    generation: kind.generates ? fillGeneration(generation, writesInTurn(spec.model)) : undefined,
    figures: {
      ...figures,
      show: figures.show ?? [...kind.figures.show as readonly FigureName[]],
      samples: figures.samples ?? kind.figures.samples,
      reconstructions: figures.reconstructions ?? Math.min(kind.figures.reconstructions, testSize),
      interpolation: {
        from: from ?? interpolation?.from ?? 0,
        to: to ?? interpolation?.to ?? lastClass(preparation.classes(dataset)),
        steps: steps ?? kind.figures.interpolationSteps,
      },
      scatterPoints: figures.scatterPoints ?? Math.min(SCATTER_POINTS, testSize),
    },
  };
}

/** Where the classes are not known before the files are read, the second: there may be no more. */
function lastClass(classes: readonly string[] | undefined): number {
  return classes ? classes.length - 1 : 1;
}

/** @param channels parts that lie side by side in a row */
function fillModel(model: WrittenExperiment["model"], channels: number) {
  // An architecture gives back a model of its own.
  return architectureOf(model).fillDefaults(model, channels) as WrittenExperiment["model"];
}

/**
 * Epochs at which codes are kept: 0, 1, 2, 3, 5, 10, 20, 30, 50, 100, ... and the last: they move most at the start.
 */
function defaultSnapshots(epochs: number): number[] {
  const chosen = [0, 1, 2, 3, 5];
  for (let decade = 10; decade < epochs; decade *= 10) {
    chosen.push(decade, 2 * decade, 3 * decade, 5 * decade);
  }
  return [...chosen.filter((epoch) => epoch < epochs), epochs];
}
