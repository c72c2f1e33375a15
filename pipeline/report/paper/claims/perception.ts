import { count, percent } from "../../../base/words.ts";
import type { CompletionMetrics } from "../../../figures/completion/study.ts";
import type { PredictionErrorMetrics } from "../../../figures/prediction_error/study.ts";
import { boundsOfShare } from "../../../metrics/interval.ts";
import { studyOf } from "../read.ts";
import { above, all, below, bySeed, type Claim, type Judgement } from "./claim.ts";

/** What the paper says of perception, and what a model alone can show of it. */
export const PERCEPTION: readonly Claim[] = [
  {
    says: "Compression loses something: what is reconstructed is considerably degraded",
    section: "1",
    shownAt: "paper-digits-seed-1-prediction-error",
    rests: ({ digits }) => digits,
    judge: ({ digits }) =>
      bySeed(digits, (run) => judgeLoss(studyOf<PredictionErrorMetrics>(run, "prediction-error"))),
  },
  {
    says: "An autoencoder is good at data like those that it was trained on, and at no others",
    section: "1",
    shownAt: "paper-digits-seed-1-prediction-error",
    rests: ({ digits }) => digits,
    judge: ({ digits }) =>
      bySeed(digits, (run) => judgeTypology(studyOf<PredictionErrorMetrics>(run, "prediction-error"))),
  },
  {
    says: "Fed half a digit, it puts out more of a digit than it was fed",
    section: "4",
    shownAt: "paper-digits-seed-1-completion",
    rests: ({ digits }) => digits,
    judge: ({ digits }) =>
      bySeed(digits, (run) => judgeCompletion(studyOf<CompletionMetrics>(run, "completion"))),
  },
  {
    says: "Fed a digit with a gap, it predicts the whole digit, as in an illusion of completion",
    section: "4",
    shownAt: "paper-digits-seed-1-prediction-error",
    rests: ({ digits }) => digits,
    judge: ({ digits }) =>
      bySeed(digits, (run) => judgeGap(studyOf<PredictionErrorMetrics>(run, "prediction-error"))),
  },
  {
    says: "Where the prediction fits, little error is left, as predictive coding has it",
    section: "4",
    shownAt: "paper-digits-seed-1-prediction-error",
    rests: ({ digits }) => digits,
    judge: ({ digits }) =>
      bySeed(digits, (run) => judgeExplainedAway(studyOf<PredictionErrorMetrics>(run, "prediction-error"))),
  },
  {
    says: "Autoencoders are plausible models of the brain",
    section: "4, abstract",
    judge: () => ({
      verdict: "cannot be told",
      why:
        "Nothing on this page measures a brain. The error signals shown are those of a trained network; that they " +
        "behave like predictive coding is no evidence that neurons compute them.",
    }),
  },
];

/** The share of an image's distance from the mean image from which on a loss is called considerable. */
const CONSIDERABLE = 0.1;

/** Judges whether more than a tenth of what sets an image apart from the mean image is lost. */
export function judgeLoss({ inputs }: PredictionErrorMetrics): Judgement {
  const { unexplained } = inputs[0]!;
  return {
    verdict: above(unexplained, CONSIDERABLE),
    why: `Of the squared distance between a test image and the mean training image, ${
      percent(unexplained.mean)
    } is lost (95 % interval ${percent(unexplained.low)} to ${percent(unexplained.high)}); more than ${
      percent(CONSIDERABLE)
    } counts as considerable here.`,
  };
}

/** The share of an image's distance from the mean image up to which it counts as predicted. */
const PREDICTED = 0.5;

/** Judges whether what the model was trained for is predicted, and every other kind of input less well. */
export function judgeTypology({ inputs }: PredictionErrorMetrics): Judgement {
  const [own, ...others] = inputs;
  const verdicts = others.map(({ unexplained }) =>
    unexplained.low > own!.unexplained.high
      ? "supported" as const
      : unexplained.high < own!.unexplained.low
      ? "not supported" as const
      : "cannot be told" as const
  );
  return {
    verdict: all([below(own!.unexplained, PREDICTED), ...verdicts]),
    why: `Left unexplained of the distance to the mean image: ${
      inputs.map(({ name, unexplained }) => `${name} ${percent(unexplained.mean)}`).join(", ")
    }; less than ${percent(PREDICTED)} counts as good.`,
  };
}

/** Judges whether more of the half images are recognised once the model has completed them. */
export function judgeCompletion({ examples, recognised, ways }: CompletionMetrics): Judgement {
  const share = (name: string) => ways.find(({ way }) => way === name)!.recognised;
  const fed = share("fed");
  const [before, after] = [boundsOfShare(recognised.hidden, examples), boundsOfShare(fed, examples)];
  return {
    verdict: after.low > before.high
      ? "supported"
      : after.high < before.low
      ? "not supported"
      : "cannot be told",
    why:
      `With the lower half hidden k-NN recognises ${percent(recognised.hidden)} of ${
        count(examples)
      } images, ` +
      `completed by feeding ${percent(fed)}, by inference from the seen half ${
        percent(share("inferred"))
      }, whole ${percent(recognised.whole)}.`,
  };
}

/** The share of what had been in the gap from which on a digit counts as whole. */
const WHOLE = 0.5;

/** Judges whether at least half of the missing ink is predicted, and from the rest of the same image. */
export function judgeGap({ gap: { ink, own } }: PredictionErrorMetrics): Judgement {
  const share = ink.predicted.mean / ink.before.mean;
  return {
    verdict: all([above(own.difference), share >= WHOLE ? "supported" : "not supported"]),
    why:
      `In the gap the prediction has ${
        percent(share)
      } of the ink that had been there (a digit counts as whole from ${
        percent(WHOLE)
      } on). It follows from what is seen: in ${
        percent(own.rises)
      } of the images it is nearer to what is missing than the prediction of another image with the same gap. The ` +
      `encoder takes a black gap for what is there.`,
  };
}

/** Judges whether images like those of training are predicted, and the same images leave more error otherwise. */
export function judgeExplainedAway({ inputs }: PredictionErrorMetrics): Judgement {
  const others = inputs.filter(({ against }) => against !== null);
  const { unexplained } = inputs[0]!;
  return {
    verdict: all([below(unexplained, PREDICTED), ...others.map(({ against }) => above(against!.difference))]),
    why: `In this model: of test images as they are ${
      percent(unexplained.mean)
    } of the distance to the mean image is left; the squared error is higher than that of the same image intact in ${
      others.map(({ name, against }) =>
        `${percent(against!.rises)} (${name}, d = ${against!.effectSize?.toFixed(1)})`
      )
        .join(", ")
    }.`,
  };
}
