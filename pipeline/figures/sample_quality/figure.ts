import { count, percent } from "../../base/words.ts";
import { drawStudyRows } from "../drawing/study_rows.ts";
import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import type { ClassSearch, JudgedSamples, SampleQualityMetrics } from "./study.ts";

/** Draws test images, their reconstructions and samples of the prior, with what was measured of them. */
export function draw(data: ImageFigureData<unknown, Measured<SampleQualityMetrics>>): Drawn {
  const { study: { metrics, pictures }, nouns, info } = data;
  const { detail: { test, reconstructions, samples }, variety, judged } = metrics;
  const title = "Quality of samples";
  const share = (made: number, real: number) => percent(real > 0 ? made / real : 0);
  const sharpness = `The variance of the Laplacian, which blur lowers, is ${
    share(samples.laplacian.mean, test.laplacian.mean)
  } of that of test ${nouns.many} in samples and ${
    share(reconstructions.laplacian.mean, test.laplacian.mean)
  } in reconstructions (${count(metrics.examples)} of each). Of the spectral energy, ${
    percent(test.highFrequencies.mean)
  } lies above a quarter of a cycle per pixel in test ${nouns.many}, ${
    percent(samples.highFrequencies.mean)
  } in samples and ${percent(reconstructions.highFrequencies.mean)} in reconstructions. Samples vary ${
    percent(variety)
  } as much as test ${nouns.many} do.`;
  const caption = judged
    ? `${sharpness} ${judgedWords(judged, info.classes, nouns.many)}`
    : `${sharpness} There are no classes to train a classifier on, so no Fréchet distance is told.`;
  const alt =
    `A row of test ${nouns.many}, below it the row of their reconstructions, and ${
      pictures.rows - 2
    } rows of ` +
    `generated ${nouns.many}.`;
  const labels = [
    { label: ["test"] },
    { label: ["made again"] },
    ...Array.from({ length: pictures.rows - 2 }, () => ({ label: ["samples"] })),
  ];
  return drawStudyRows("sample-quality", { title, caption, alt }, labels, data);
}

function judgedWords(
  { classifier, frechet, classes, search }: JudgedSamples,
  names: readonly string[],
  many: string,
): string {
  const rarest = Math.min(...classes);
  const distance = frechet
    ? `Fréchet distance to ${
      count(frechet.images)
    } test ${many} on the features of a classifier that was trained ` +
      `here (${
        percent(classifier.accuracy)
      } right on the test part; this is no Inception distance, and comparable ` +
      `only where classifier and number are the same): ${frechet.samples.toFixed(1)} for samples, ${
        frechet.reconstructions.toFixed(1)
      } for reconstructions, ${
        frechet.test.toFixed(1)
      } for other test ${many}, which is what the number of ${many} ` +
      "leaves where there is no difference."
    : `No Fréchet distance is told: there are too few test ${many} for the classifier's features ` +
      `(${percent(classifier.accuracy)} right).`;
  const most = Math.max(...classes);
  return `${distance} The classifier takes ${percent(most)} of the samples for ${
    names[classes.indexOf(most)]
  } and ${percent(rarest)} for ${names[classes.indexOf(rarest)]}. ${searchWords(search, names)}`;
}

function searchWords({ certainty, tries, perClass }: ClassSearch, names: readonly string[]): string {
  const prior = queriesWords(perClass.map(({ prior }) => prior), names, tries.prior);
  const regions = perClass.map(({ region }) => region ?? 0);
  return `Until the classifier is ${
    percent(certainty)
  } sure of a class that is wanted, ${prior}; drawn from ` +
    `where the codes of the class lie, ${queriesWords(regions, names, tries.region)}.`;
}

/** How many samples have to be looked at, when this share of them satisfies. */
function queriesWords(shares: readonly number[], names: readonly string[], tries: number): string {
  const found = shares.filter((share) => share > 0);
  const missing = names.filter((_, label) => shares[label] === 0);
  const never = missing.length === 0 ? "" : `none of ${count(tries)} satisfied it for ${missing.join(", ")}`;
  if (found.length === 0) return never;
  const queries = found.map((share) => 1 / share);
  const mean = queries.reduce((sum, value) => sum + value / queries.length, 0);
  return `${mean.toFixed(1)} samples are looked at on average (at worst ${Math.max(...queries).toFixed(1)})${
    never && `, and ${never}`
  }`;
}
