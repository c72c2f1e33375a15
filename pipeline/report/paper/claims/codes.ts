import { count, percent } from "../../../base/words.ts";
import type { AttributesMetrics } from "../../../figures/attributes/study.ts";
import type { ClassSamplesMetrics } from "../../../figures/class_samples/study.ts";
import type { DenoisingMetrics } from "../../../figures/denoising/study.ts";
import type { FewLabelsMetrics, RepresentationName } from "../../../figures/few_labels/study.ts";
import { type Bounds, boundsOf, boundsOfShare } from "../../../metrics/interval.ts";
import { errorsBySize, type ErrorsOfSize, type SubspaceOfSize, subspacesBySize } from "../by_size.ts";
import { accuraciesByLabels, type FewLabelsAccuracy } from "../few_labels.ts";
import { studyOf } from "../read.ts";
import { withDeviation } from "../spread.ts";
import { above, all, bySeed, type Claim, type ClaimVerdict, type Judgement, unanimous } from "./claim.ts";

/** What the paper says codes are good for, and how they stand to PCA. */
export const CODES: readonly Claim[] = [
  {
    says: "Classes can be told from the codes by a classifier",
    section: "1",
    shownAt: "paper-digits-seed-1-few-labels",
    rests: ({ digits }) => digits,
    judge: ({ digits }) =>
      bySeed(digits, (run) => judgeClassifier(studyOf<FewLabelsMetrics>(run, "few-labels"))),
  },
  {
    says: "That helps where few examples have a label: codes tell more than the pixels do",
    section: "1",
    shownAt: "paper-digits-seed-1-few-labels",
    rests: ({ digits }) => digits,
    judge: ({ digits }) =>
      bySeed(digits, (run) => judgeLead(studyOf<FewLabelsMetrics>(run, "few-labels"), "pixels")),
  },
  {
    says: "There is a connection with semi-supervised learning: images without a label help to tell classes",
    section: "1",
    shownAt: "paper-m2",
    rests: ({ semiSupervised }) => semiSupervised,
    judge: ({ digits, semiSupervised }) => judgeUnlabelled(accuraciesByLabels(digits[0]!, semiSupervised)),
  },
  {
    says: "A linear encoder spans the subspace of PCA",
    section: "4",
    shownAt: "paper-linear",
    rests: ({ linear }) => linear,
    judge: ({ linear }) => judgeSubspace(subspacesBySize(linear)),
  },
  {
    says: "Nonlinear layers reduce dimensions better than PCA of the same size",
    section: "4",
    shownAt: "pca-comparison",
    rests: ({ latentSizes }) => latentSizes,
    judge: ({ latentSizes }) => judgeSizes(errorsBySize(latentSizes)),
  },
  {
    says: "A VAE takes noise away",
    section: "1",
    shownAt: "paper-denoising-denoising",
    rests: ({ denoising }) => [denoising],
    judge: ({ denoising }) => judgeDenoising(studyOf<DenoisingMetrics>(denoising, "denoising")),
  },
  {
    says: "It generates a class that is asked for from its place in latent space",
    section: "1, 4",
    shownAt: "paper-digits-seed-1-class-samples",
    rests: ({ digits }) => digits,
    judge: ({ digits }) =>
      bySeed(digits, (run) => judgeClassSamples(studyOf<ClassSamplesMetrics>(run, "class-samples"))),
  },
  {
    says: "It changes an attribute of an image, as one puts glasses on a face",
    section: "1",
    shownAt: "paper-digits-seed-1-attributes",
    rests: ({ digits }) => digits,
    judge: ({ digits }) =>
      bySeed(digits, (run) => judgeAttributes(studyOf<AttributesMetrics>(run, "attributes"))),
  },
];

/** Judges whether a classifier of codes does better than chance with the most labels. */
export function judgeClassifier({ rows }: FewLabelsMetrics): Judgement {
  const { labels, representations } = rows.at(-1)!;
  const { linear } = representations[0]!;
  // As many labels of each class as of any other: the first row has one of each.
  const chance = 1 / rows[0]!.labels;
  return {
    verdict: above(linear, chance),
    why: `Logistic regression on codes is right in ${percent(linear.mean)} (95 % interval ${
      bounds(linear, percent)
    }) with ${count(labels)} labels; chance is ${percent(chance)}.`,
  };
}

/** Judges whether the codes' lead over another representation is above 0 at every number of labels. */
export function judgeLead({ rows, draws }: FewLabelsMetrics, over: RepresentationName): Judgement {
  const leads = rows.map(({ labels, representations }) => ({
    labels,
    lead: representations.find(({ name }) => name === over)!.lead!.linear,
  }));
  const verdicts = leads.map(({ lead }) => above(lead));
  const points = (share: number) => `${share < 0 ? "−" : "+"}${(100 * Math.abs(share)).toFixed(1)}`;
  return {
    verdict: new Set(verdicts).size === 1 ? verdicts[0]! : "cannot be told",
    why:
      `Accuracy of logistic regression on codes less that on ${over}, in percentage points over ${draws} draws: ${
        leads.map(({ labels, lead }) =>
          `${points(lead.mean)} (${bounds(lead, points)}) with ${count(labels)} labels`
        )
          .join("; ")
      }.${new Set(verdicts).size === 1 ? "" : " It depends on how many labels there are."}`,
  };
}

/**
 * Judges whether M2 tells more than logistic regression on the pixels of the labelled images alone, at every number of
 * labels: by how far apart their 95 % intervals are.
 */
export function judgeUnlabelled(rows: readonly FewLabelsAccuracy[]): Judgement {
  const compared = rows.map(({ labels, m2, others }) => {
    const pixels = others.find(({ name }) => name === "pixels")!.accuracy;
    const [ours, theirs] = [boundsOf(m2), boundsOf(pixels)];
    return {
      labels,
      m2,
      pixels,
      verdict: above({ low: ours.low - theirs.high, high: ours.high - theirs.low }),
    };
  });
  return {
    verdict: unanimous(compared.map(({ verdict }) => verdict)),
    why: `${
      compared.map(({ labels, m2, pixels }) =>
        `With ${count(labels)} labels M2 is right in ${
          withDeviation(m2, percent)
        }, and logistic regression on the ` +
        `pixels of the labelled images in ${withDeviation(pixels, percent)}`
      ).join(". ")
    }.`,
  };
}

/** The share of PCA's variance that counts as all of it. */
const ALL_VARIANCE = 0.99;

/** Judges whether linear autoencoders are no further from PCA than PCA of other examples is. */
export function judgeSubspace(sizes: readonly SubspaceOfSize[]): Judgement {
  const isSame = ({ angle, halvesAngle, captured }: SubspaceOfSize) =>
    angle <= halvesAngle && captured >= ALL_VARIANCE;
  return {
    verdict: sizes.every(isSame) ? "supported" : "not supported",
    why: sizes.map(({ size, seeds, angle, halvesAngle, captured }) =>
      `With ${size} dimensions the largest principal angle of ${seeds} seeds is ${
        angle.toFixed(1)
      }° (half of the ` +
      `images against the other half by PCA: ${halvesAngle.toFixed(1)}°), and ${
        percent(captured)
      } of the variance is kept that PCA keeps.`
    ).join(" "),
  };
}

/** Judges whether the VAE's squared error is below PCA's at every size. */
export function judgeSizes(sizes: readonly ErrorsOfSize[]): Judgement {
  const verdicts = sizes.map(({ lead }) => above(boundsOf(lead)));
  const listed = (verdict: ClaimVerdict) =>
    sizes.filter((_, i) => verdicts[i] === verdict).map(({ size }) => size).join(", ");
  const words: readonly [ClaimVerdict, string][] = [
    ["supported", "lower than PCA's at"],
    ["not supported", "higher at"],
    ["cannot be told", "not to be told apart at"],
  ];
  const told = words.filter(([verdict]) => listed(verdict) !== "").map(([verdict, text]) =>
    `${text} ${listed(verdict)}`
  );
  return {
    verdict: all(verdicts),
    why: `The VAE's squared error, seed by seed with ${sizes[0]!.lead.count} seeds, is ${
      told.join(", ")
    } dimensions. PCA's error less the VAE's is ${
      sizes.map(({ size, lead }) => `${lead.mean.toFixed(1).replace("-", "−")} at ${size}`).join(", ")
    }.`,
  };
}

/** Judges whether images come out of the VAE nearer to the clean ones than they went in. */
export function judgeDenoising({ noisy, vae, bestPca }: DenoisingMetrics): Judgement {
  return {
    verdict: vae > noisy ? "supported" : "not supported",
    why: `Peak signal-to-noise ratio: ${noisy.toFixed(1)} dB as they come, ${vae.toFixed(1)} from the VAE, ${
      bestPca.psnr.toFixed(1)
    } from PCA with the best number of components.`,
  };
}

/** Judges whether k-NN takes every class's samples for that class more often than not. */
export function judgeClassSamples({ perClass, recognised }: ClassSamplesMetrics): Judgement {
  const least = Math.min(...recognised);
  const mean = recognised.reduce((sum, share) => sum + share / recognised.length, 0);
  return {
    verdict: above(boundsOfShare(least, perClass), 0.5),
    why: `k-NN takes ${percent(mean)} of the images for the class that was asked for, and ${
      percent(least)
    } of the worst class's ${perClass}.`,
  };
}

/** Judges whether attributes rise, and classes change, where their vectors are added. */
export function judgeAttributes({ examples, strokes, classes }: AttributesMetrics): Judgement {
  const { otherBefore, otherAfter } = classes;
  const changed = boundsOfShare(otherAfter, examples).low > boundsOfShare(otherBefore, examples).high
    ? "supported"
    : "not supported";
  return {
    verdict: all([...strokes.map(({ rises }) => above(boundsOfShare(rises, examples), 0.5)), changed]),
    why: `Of ${count(examples)} images, the attribute rises where its vector is added: ${
      strokes.map(({ attribute, rises }) => `${attribute} in ${percent(rises)}`).join(", ")
    }; ${percent(otherAfter)} are taken for another class after its vector was added, and ${
      percent(otherBefore)
    } before.`,
  };
}

function bounds({ low, high }: Bounds, words: (value: number) => string): string {
  return `${words(low)} to ${words(high)}`;
}
