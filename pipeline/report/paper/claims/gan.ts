import { percent } from "../../../base/words.ts";
import type { Estimate, SampleQualityMetrics } from "../../../figures/sample_quality/study.ts";
import { type Bounds, boundsOfShare } from "../../../metrics/interval.ts";
import { studyOf } from "../read.ts";
import type { PaperPage } from "../results.ts";
import { above, all, type Claim, type ClaimVerdict, type Judgement } from "./claim.ts";

/** What the paper says of VAEs beside generative adversarial networks. */
export const GAN: readonly Claim[] = [
  {
    says: "VAEs make blurrier images than GANs",
    section: "4",
    shownAt: "games",
    rests: ({ games }) => games,
    judge: (page) => judgeSharper(["the GAN", qualityOf(page).gan], ["the VAE", qualityOf(page).vae]),
  },
  {
    says: "A GAN has to be searched for images with a wanted feature",
    section: "4",
    shownAt: "games",
    rests: ({ games }) => games,
    judge: (page) => judgeSearch(qualityOf(page).gan, qualityOf(page).vae),
  },
  {
    says: "A GAN may pick up a collateral feature without what was wanted",
    section: "4",
    shownAt: "games",
    rests: ({ games }) => games,
    judge: (page) => judgeCollateral(qualityOf(page).gan, qualityOf(page).vae),
  },
  {
    says: "A VAE whose decoder is trained adversarially makes sharper images",
    section: "4",
    shownAt: "games",
    rests: ({ games }) => games,
    judge: (page) => judgeSharper(["the VAE-GAN", qualityOf(page).vaeGan], ["the VAE", qualityOf(page).vae]),
  },
];

/** What was measured of each, in the order of the cells of `games.json`. */
function qualityOf({ games }: PaperPage): Record<"vae" | "vaeGan" | "gan", SampleQualityMetrics> {
  const [vae, vaeGan, gan] = games.map((run) => studyOf<SampleQualityMetrics>(run, "sample-quality"));
  return { vae: vae!, vaeGan: vaeGan!, gan: gan! };
}

type Named = readonly [name: string, quality: SampleQualityMetrics];

/** Judges whether one's samples have more detail than another's, by both measures of it. */
export function judgeSharper([sharp, a]: Named, [blurred, b]: Named): Judgement {
  const measures = [["laplacian", "variance of the Laplacian", decimal], [
    "highFrequencies",
    "energy of high frequencies",
    percent,
  ]] as const;
  return {
    verdict: all(
      measures.map(([measure]) => above(differenceOf(a.detail.samples[measure], b.detail.samples[measure]))),
    ),
    why: `Of samples: ${
      measures.map(([measure, name, words]) =>
        `${name} ${words(a.detail.samples[measure].mean)} from ${sharp}, ${
          words(b.detail.samples[measure].mean)
        } from ${blurred}, ${words(a.detail.test[measure].mean)} of test images`
      ).join("; ")
    }.`,
  };
}

/** The 95 % confidence interval of the difference of two means of different images. */
function differenceOf(a: Estimate, b: Estimate): Bounds {
  const error = Math.hypot(a.standardError ?? Infinity, b.standardError ?? Infinity);
  const difference = a.mean - b.mean;
  return { low: difference - 1.96 * error, high: difference + 1.96 * error };
}

/**
 * Judges whether an image of a wanted class is rarer among the samples of a GAN than where a VAE's codes of the class
 * lie, for every class.
 */
export function judgeSearch(gan: SampleQualityMetrics, vae: SampleQualityMetrics): Judgement {
  const [searched, asked] = [gan.judged!.search, vae.judged!.search];
  const verdicts = searched.perClass.map(({ prior }, label): ClaimVerdict => {
    const drawn = boundsOfShare(prior, searched.tries.prior);
    const region = boundsOfShare(asked.perClass[label]!.region ?? 0, asked.tries.region);
    return above({ low: region.low - drawn.high, high: region.high - drawn.low });
  });
  const mean = (shares: readonly number[]) => shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return {
    verdict: all(verdicts),
    why: `A classifier is at least ${percent(searched.certainty)} sure of a class in ${
      percent(mean(searched.perClass.map(({ prior }) => prior)))
    } of the GAN's samples, in the mean over classes, and in ${
      percent(mean(asked.perClass.map(({ region }) => region ?? 0)))
    } of the images from where the VAE's codes of the class lie; the VAE needs labelled images to know where.`,
  };
}

/** Tells how images that a search found differ from those of their class: what that means is for readers. */
export function judgeCollateral(gan: SampleQualityMetrics, vae: SampleQualityMetrics): Judgement {
  const shifts = ({ judged }: SampleQualityMetrics, way: "prior" | "region") =>
    judged!.search.collateral.filter((one) => one.way === way).map(({ attribute, shift }) =>
      `${attribute} ${shift === null ? "not known" : decimal(shift)}`
    ).join(", ");
  return {
    verdict: "cannot be told",
    why:
      `Digits have no feature that stands for what is wanted. What came along in images that a search found, in ` +
      `standard deviations of test images of the class: ${
        shifts(gan, "prior")
      } (GAN); from the VAE's codes of the ` +
      `class: ${shifts(vae, "region")}.`,
  };
}

const decimal = (value: number) => value.toFixed(3);
