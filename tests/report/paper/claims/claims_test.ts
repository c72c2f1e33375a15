import assert from "node:assert/strict";
import { boundsOfShare } from "../../../../pipeline/metrics/interval.ts";
import { above, all, bySeed, seedWords } from "../../../../pipeline/report/paper/claims/claim.ts";
import {
  judgeAttributes,
  judgeClassifier,
  judgeClassSamples,
  judgeDenoising,
  judgeLead,
  judgeSizes,
  judgeSubspace,
  judgeUnlabelled,
} from "../../../../pipeline/report/paper/claims/codes.ts";
import {
  judgeAnnealing,
  judgeCollapse,
  judgeCoordination,
  judgeEndValues,
  judgePriorFit,
  judgeSeparation,
} from "../../../../pipeline/report/paper/claims/learning.ts";
import {
  judgeCompletion,
  judgeExplainedAway,
  judgeGap,
  judgeLoss,
  judgeTypology,
} from "../../../../pipeline/report/paper/claims/perception.ts";
import { assertNear } from "../../../support/assert_near.ts";

/** Each verdict on both sides of what it turns at; the third case is where numbers do not tell. */

const interval = (low: number, high: number) => ({
  low,
  high,
  mean: (low + high) / 2,
  deviation: 1,
  count: 100,
});

Deno.test("an interval tells where the threshold is outside of it, and a claim holds where all its parts do", () => {
  assert.equal(above(interval(0.1, 0.2), 0.05), "supported");
  assert.equal(above(interval(0.1, 0.2), 0.25), "not supported");
  assert.equal(above(interval(0.1, 0.2), 0.15), "cannot be told");
  assert.equal(all(["supported", "supported"]), "supported");
  assert.equal(all(["supported", "cannot be told"]), "cannot be told");
  assert.equal(all(["cannot be told", "not supported"]), "not supported");
});

Deno.test("the interval of a share is Wilson's", () => {
  // scipy.stats.binomtest(8, 10).proportion_ci(method="wilson")
  const { low, high } = boundsOfShare(0.8, 10);
  assertNear([low, high], [0.49016247, 0.94331784], { absolute: 1e-7 });
  assertNear([boundsOfShare(0, 10).low, boundsOfShare(1, 10).high], [0, 1], { absolute: 1e-12 });
});

Deno.test("end values: all within 3 % or lower losses, or not", () => {
  const plot = { figure: 4, firstEpoch: 1, lastEpoch: 60, values: [] };
  const row = (
    share: number,
    agreement: "same" | "better" | "differs",
    deviation: number | null = null,
  ) => ({
    name: "KL, test",
    paper: 10,
    ours: 10 * (1 + share),
    difference: 10 * share,
    share,
    isLowerBetter: agreement === "better",
    agreement,
    deviation,
  });
  assert.equal(judgeEndValues([row(0.01, "same"), row(-0.1, "better")], plot).verdict, "supported");
  const apart = judgeEndValues([row(0.01, "same"), row(-0.295, "differs")], plot);
  assert.equal(apart.verdict, "not supported");
  assert.match(apart.why, /1 of 2 values .*KL, test −29\.5 %/);
  // Three seeds: 2.48 deviations of 0.1 are 2.5 % of 10, so 1 % may be beyond 3 %, and 4 % within.
  const seeds = (share: number, agreement: "same" | "better" | "differs", deviation: number) =>
    judgeEndValues([row(share, agreement, deviation)], plot);
  assert.equal(seeds(0.01, "same", 0.1).verdict, "cannot be told");
  assert.match(seeds(0.01, "same", 0.1).why, /over 3 seeds, trained beforehand, are up to 1\.0 %/);
  assert.match(seeds(0.01, "same", 0.1).why, /another seed may be further apart in: \S/);
  assert.doesNotMatch(seeds(0.01, "same", 0.01).why, /another seed/);
  assert.equal(seeds(0.04, "differs", 0.1).verdict, "cannot be told");
  assert.equal(seeds(0.01, "same", 0.05).verdict, "supported");
  assert.equal(seeds(-0.1, "better", 0.1).verdict, "supported");
  assert.equal(seeds(-0.1, "differs", 0.1).verdict, "not supported");
});

Deno.test("coordination: the KL rises by more than 3 % from its least value while the reconstruction falls, or not", () => {
  const judge = (kl: number[], reconstruction: number[]) => judgeCoordination({ kl, reconstruction }).verdict;
  assert.equal(judge([6, 5, 5.2], [200, 180, 150]), "supported");
  assert.equal(judge([6, 5, 5.1], [200, 180, 150]), "not supported", "2 % may be read off wrongly");
  assert.equal(judge([6, 5, 7], [200, 150, 151]), "not supported");
  assert.equal(judge([7, 6, 5], [200, 180, 150]), "not supported");
});

Deno.test("separation: codes start within a nat of the prior and classes are told better, or not, or nobody knows", () => {
  const judge = (initialKl: number, before: number, after: number) =>
    judgeSeparation({ initialKl, before, after, examples: 1000 }).verdict;
  assert.equal(judge(0.9, 0.4, 0.8), "supported");
  assert.equal(judge(1.1, 0.4, 0.8), "not supported");
  assert.equal(judge(0.9, 0.8, 0.4), "not supported");
  assert.equal(judge(0.9, 0.40, 0.42), "cannot be told");
});

Deno.test("collapse and annealing: by the dimensions that stay active, of every seed", () => {
  const runs = (...active: number[]) => active.map((active) => ({ active, size: 16, kl: 3, loss: 170 }));
  assert.deepEqual([runs(15, 1), runs(16, 16), runs(15, 16)].map((some) => judgeCollapse(some).verdict), [
    "supported",
    "not supported",
    "cannot be told",
  ]);
  const judge = (constant: number[], rising: number[]) =>
    judgeAnnealing({ constant: runs(...constant), rising: runs(...rising) }).verdict;
  assert.deepEqual(
    [judge([1, 1], [2, 5]), judge([2, 5], [1, 1]), judge([2, 2], [2, 3]), judge([1, 3], [2, 2])],
    ["supported", "not supported", "cannot be told", "cannot be told"],
  );
});

Deno.test("the codes' place: within a nat of the prior with the KL term and further away without, of every seed, or not", () => {
  const judge = (...pairs: [whole: number, without: number][]) =>
    judgePriorFit({ whole: pairs.map(([whole]) => whole), without: pairs.map(([, without]) => without) })
      .verdict;
  assert.deepEqual([judge([0.2, 9]), judge([1.1, 9]), judge([0.2, 0.1]), judge([0.2, 9], [1.1, 9])], [
    "supported",
    "not supported",
    "not supported",
    "cannot be told",
  ]);
});

Deno.test("images without labels: M2 ahead of the labelled pixels at every number of labels, behind, or nobody knows", () => {
  const spread = (mean: number) => ({ mean, deviation: 0.01, count: 3 });
  const judge = (...means: [m2: number, pixels: number][]) =>
    judgeUnlabelled(means.map(([m2, pixels], i) => ({
      labels: 10 ** (i + 2),
      m2: spread(m2),
      others: [{ name: "pixels" as const, accuracy: spread(pixels) }],
    })));
  assert.equal(judge([0.9, 0.8], [0.95, 0.8]).verdict, "supported");
  assert.equal(judge([0.7, 0.8], [0.7, 0.9]).verdict, "not supported");
  // Student's quantile of two degrees of freedom, 4.30: each mean is known to 2.5 points.
  assert.equal(judge([0.84, 0.8]).verdict, "cannot be told");
  assert.equal(judge([0.86, 0.8]).verdict, "supported");
  const mixed = judge([0.9, 0.8], [0.8, 0.9]);
  assert.equal(mixed.verdict, "cannot be told");
  assert.match(
    mixed.why,
    /With 100 labels M2 is right in 90\.0 % ± 1\.0 %, .* in 80\.0 % ± 1\.0 %\. With 1,000/,
  );
});

Deno.test("how many seeds a verdict rests on is counted", () => {
  const run = (seed: number) => ({ spec: { seed } }) as Parameters<typeof seedWords>[0][number];
  assert.equal(seedWords([run(1), run(1)]), "One seed.");
  assert.equal(seedWords([run(1), run(2), run(3), run(2)]), "3 seeds.");
});

Deno.test("each seed is judged by itself: all have to agree, and the words are those of the first", () => {
  const judge = (value: number) =>
    ({ verdict: value > 0 ? "supported" : "not supported", why: `It is ${value}.` }) as const;
  assert.deepEqual(bySeed([1], judge), judge(1));
  const same = bySeed([1, 2], judge);
  assert.equal(same.verdict, "supported");
  assert.match(same.why, /^It is 1\. .*each says the same\.$/);
  const mixed = bySeed([1, -2], judge);
  assert.equal(mixed.verdict, "cannot be told");
  assert.match(mixed.why, /supported, not supported\.$/);
  assert.throws(() => bySeed([], judge), RangeError);
});

/** Accuracies of codes, and their lead over pixels, by the number of labels. */
function fewLabels(...rows: { codes: [number, number]; lead: [number, number] }[]) {
  return {
    referenceExamples: 10_000,
    testExamples: 4000,
    draws: 20,
    rows: rows.map(({ codes, lead }, i) => ({
      labels: 10 ** (i + 1),
      representations: (["codes", "pixels"] as const).map((name) => ({
        name,
        dimensions: 16,
        linear: interval(...codes),
        nearest: interval(...codes),
        lead: name === "codes" ? null : { linear: interval(...lead), nearest: interval(...lead) },
      })),
    })),
  };
}

Deno.test("few labels: better than chance, and ahead of the pixels at every number of labels, or not, or it depends", () => {
  const classifier = (low: number, high: number) =>
    judgeClassifier(fewLabels({ codes: [low, high], lead: [0, 0] })).verdict;
  assert.deepEqual([classifier(0.11, 0.2), classifier(0.05, 0.09), classifier(0.05, 0.2)], [
    "supported",
    "not supported",
    "cannot be told",
  ]);
  const lead = (...leads: [number, number][]) =>
    judgeLead(fewLabels(...leads.map((lead) => ({ codes: [0.5, 0.6] as [number, number], lead }))), "pixels");
  assert.equal(lead([0.01, 0.02], [0.1, 0.2]).verdict, "supported");
  assert.equal(lead([-0.02, -0.01], [-0.2, -0.1]).verdict, "not supported");
  const mixed = lead([0.01, 0.02], [-0.2, -0.1]);
  assert.equal(mixed.verdict, "cannot be told");
  assert.match(mixed.why, /\+1\.5 \(\+1\.0 to \+2\.0\) with 10 labels; −15\.0 .* It depends/);
});

Deno.test("subspaces: no further from PCA than PCA of other examples, with 99 % of the variance, or not", () => {
  const judge = (angle: number, captured: number) =>
    judgeSubspace([{ size: 2, seeds: 3, angle, halvesAngle: 10, randomAngle: 80, captured }]).verdict;
  assert.deepEqual([judge(9, 0.995), judge(11, 0.995), judge(9, 0.98)], [
    "supported",
    "not supported",
    "not supported",
  ]);
});

Deno.test("sizes: the VAE's error is lower at every one, or at one it is not, or nobody knows", () => {
  const spread = (mean: number) => ({ mean, deviation: 1, count: 3 });
  const judge = (...leads: number[]) =>
    judgeSizes(leads.map((lead, i) => ({
      size: 2 ** (i + 1),
      vae: spread(10),
      pca: spread(10 + lead),
      lead: spread(lead),
    })));
  assert.equal(judge(9, 5).verdict, "supported");
  const limited = judge(9, -5);
  assert.equal(limited.verdict, "not supported");
  assert.match(limited.why, /lower than PCA's at 2, higher at 4 dimensions/);
  assert.equal(judge(9, 1).verdict, "cannot be told", "three seeds: 4.3 standard errors");
});

Deno.test("denoising, chosen classes and attributes: on both sides", () => {
  const denoising = (vae: number) =>
    judgeDenoising({
      examples: 9,
      standardDeviation: 0.5,
      noisy: 8,
      vae,
      pca: 12,
      bestPca: { components: 16, psnr: 13 },
    }).verdict;
  assert.deepEqual([denoising(8.1), denoising(7.9)], ["supported", "not supported"]);
  const classes = (least: number) => judgeClassSamples({ perClass: 100, recognised: [0.99, least] }).verdict;
  assert.deepEqual([classes(0.7), classes(0.3), classes(0.52)], [
    "supported",
    "not supported",
    "cannot be told",
  ]);
  const attributes = (rises: number, otherAfter: number) =>
    judgeAttributes({
      examples: 1000,
      strokes: [{ attribute: "slant", gap: 1, effect: 1, rises }],
      classes: { ownBefore: 0.9, otherBefore: 0.01, otherAfter },
    }).verdict;
  assert.deepEqual([attributes(0.9, 0.8), attributes(0.3, 0.8), attributes(0.9, 0.011)], [
    "supported",
    "not supported",
    "not supported",
  ]);
});

/** What the study of prediction errors may have found. */
function errors(
  { own = [0.2, 0.22], other = [0.3, 0.32], difference = [0.01, 0.02], ink = 0.4, gap = [0.01, 0.02] }: {
    own?: [number, number];
    other?: [number, number];
    difference?: [number, number];
    ink?: number;
    gap?: [number, number];
  } = {},
) {
  const paired = (bounds: [number, number]) => ({
    difference: interval(...bounds),
    effectSize: 1,
    rises: 0.9,
  });
  const input = (unexplained: [number, number], against: ReturnType<typeof paired> | null) => ({
    name: against === null ? "intact" as const : "noise" as const,
    error: interval(0, 1),
    unexplained: interval(...unexplained),
    code: interval(0, 1),
    against,
  });
  return {
    examples: 1000,
    inputs: [input(own, null), input(other, paired(difference))],
    gap: {
      side: 7,
      ink: { before: interval(0.6, 0.6), predicted: interval(ink, ink), ofAnother: interval(0.1, 0.1) },
      error: { predicted: interval(0, 1), ofAnother: interval(0, 1), black: interval(0, 1) },
      own: paired(gap),
    },
  };
}

Deno.test("prediction errors: what is lost, unknown data, the gap and what is explained away, on both sides", () => {
  const verdicts = (judge: (metrics: ReturnType<typeof errors>) => { verdict: string }, ...cases: object[]) =>
    cases.map((changes) => judge(errors(changes)).verdict);
  assert.deepEqual(verdicts(judgeLoss, {}, { own: [0.02, 0.05] }, { own: [0.05, 0.2] }), [
    "supported",
    "not supported",
    "cannot be told",
  ]);
  assert.deepEqual(verdicts(judgeTypology, {}, { other: [0.1, 0.12] }, { other: [0.19, 0.32] }), [
    "supported",
    "not supported",
    "cannot be told",
  ]);
  // A model that predicts the mean image alone is good at nothing.
  const untrained = { own: [0.99, 1.01], other: [1.2, 1.3] };
  assert.deepEqual(verdicts(judgeTypology, untrained), ["not supported"]);
  assert.deepEqual(verdicts(judgeExplainedAway, untrained), ["not supported"]);
  assert.deepEqual(
    verdicts(judgeGap, {}, { ink: 0.2 }, { gap: [-0.02, -0.01] }, { gap: [-0.01, 0.01] }),
    ["supported", "not supported", "not supported", "cannot be told"],
  );
  assert.deepEqual(
    verdicts(judgeExplainedAway, {}, { difference: [-0.02, -0.01] }, { difference: [-0.01, 0.01] }),
    ["supported", "not supported", "cannot be told"],
  );
});

Deno.test("completion: more halves are recognised once completed, or fewer, or nobody knows", () => {
  const judge = (fed: number) =>
    judgeCompletion({
      examples: 1000,
      recognised: { whole: 0.95, hidden: 0.5 },
      ways: (["fed", "inferred", "pca", "mean"] as const).map((way) => ({
        way,
        squaredError: 1,
        recognised: fed,
      })),
    }).verdict;
  assert.deepEqual([judge(0.6), judge(0.4), judge(0.51)], ["supported", "not supported", "cannot be told"]);
});
