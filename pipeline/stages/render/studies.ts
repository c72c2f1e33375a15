import { type Images, mosaic, stack } from "../../figures/drawing/image.ts";
import { type PictureRow, pictureRows } from "../../figures/drawing/picture_rows.ts";
import { count, percent } from "../../base/words.ts";
import type { StudyName } from "../../spec/schema.ts";
import { CLASS_ROWS, LARGEST_AMOUNT, STROKE_ROWS } from "../../figures/attributes/study.ts";
import type { StudyMetrics } from "../studies/studies.ts";
import type { Draw, Drawn } from "../../figures/figure.ts";
import { text } from "./plots.ts";

/** Figures of what the evaluation measured on its own pictures. */

type Labels = readonly Omit<PictureRow, "images">[];
type Words<Name extends StudyName> = (
  metrics: NonNullable<StudyMetrics[Name]>,
  classes: readonly string[],
) => { title: string; caption: string; alt: string; rows: Labels };

export const drawCompletion = study("completion", ({ examples, recognised, ways }) => {
  const error = (name: string) => ways.find(({ way }) => way === name)!.squaredError.toFixed(4);
  const share = (name: string) => percent(ways.find(({ way }) => way === name)!.recognised);
  return {
    title: "Half a digit completed",
    caption:
      `Test images; their upper half, which is all that is seen; what the model puts out when it is fed that half; and ` +
      `the lower half inferred, from codes under which the upper one is likely; and PCA of the same size, fed likewise. ` +
      `Over ${count(examples)} images the mean squared error of the hidden half is ${error("fed")} fed, ` +
      `${error("inferred")} inferred, ${error("pca")} by PCA, and ${
        error("mean")
      } with the mean training image. k-NN ` +
      `recognises ${percent(recognised.hidden)} of the digits with the half missing, ${
        share("fed")
      } completed by ` +
      `feeding, ${share("inferred")} by inference, ${percent(recognised.whole)} whole.`,
    alt: "Rows of digits: whole, lower half hidden, and completed in three ways.",
    rows: [
      { label: ["whole"] },
      { label: ["seen"] },
      { label: ["fed"] },
      { label: ["inferred"] },
      { label: ["PCA, fed"] },
    ],
  };
});

export const drawDenoising = study(
  "denoising",
  ({ examples, standardDeviation, noisy, vae, pca, bestPca }) => ({
    title: "Noise taken away",
    caption:
      `Test digits under Gaussian noise of standard deviation ${standardDeviation}, clipped to [0, 1]. Over ` +
      `${count(examples)} images the peak signal-to-noise ratio is ${db(noisy)} as they come, ${
        db(vae)
      } from the ` +
      `VAE, ${db(pca)} from PCA with as many components as z has dimensions, and ${
        db(bestPca.psnr)
      } from PCA with ` +
      `${bestPca.components}, the best number tried.`,
    alt: `Rows of digits: clean, noisy, denoised by the VAE (${db(vae)}) and by PCA (${db(bestPca.psnr)}).`,
    rows: [{ label: ["clean"] }, { label: ["noisy"] }, { label: ["VAE"] }, {
      label: ["PCA with", `${bestPca.components}`],
    }],
  }),
);

export const drawAttributes = study("attributes", ({ examples, strokes, classes }) => {
  const name = { slant: "Slant", ink: "Ink" } as const;
  const effects = strokes.map(({ attribute, effect, rises }) =>
    `${name[attribute]} moves by ${
      percent(effect)
    } of the difference between the training images with most and ` +
    `least of it, and rises in ${percent(rises)} of the images`
  );
  return {
    title: "Arithmetic in latent space",
    caption:
      `A vector from the codes of the quarter with least of an attribute to those of the quarter with most, added ` +
      `−${LARGEST_AMOUNT} to ${LARGEST_AMOUNT} times; below, the mean code of a digit's own class taken away and that of ` +
      `another one added, for the reconstruction on the left. Over ${
        count(examples)
      } test images, with the vector ` +
      `added once: ${effects.join("; ")}. Changing the class, k-NN takes ${
        percent(classes.otherAfter)
      } of the images ` +
      `for the class that was asked for, ${percent(classes.otherBefore)} before.`,
    alt:
      "Rows of digits that lean and thicken step by step, and rows in which a digit turns into every other.",
    rows: [
      ...strokes.flatMap(({ attribute }) =>
        Array.from({ length: STROKE_ROWS }, (_, i) => ({
          label: [`−${LARGEST_AMOUNT} to +${LARGEST_AMOUNT}`],
          ...(i === 0 ? { heading: name[attribute] } : {}),
        }))
      ),
      ...Array.from({ length: CLASS_ROWS }, (_, i) => ({
        label: ["as it is,", "then 0 to 9"],
        ...(i === 0 ? { heading: "Class" } : {}),
      })),
    ],
  };
});

export const drawClassPictures = study("class-samples", ({ perClass, recognised }, classes) => {
  const mean = recognised.reduce((sum, share) => sum + share, 0) / recognised.length;
  return {
    title: "Samples of each class",
    caption:
      `Decoded from the Gaussian with the mean and covariance of a class's training posteriors; the model never saw a ` +
      `label. k-NN takes ${
        percent(mean)
      } of ${perClass} samples of each class for the class that was asked for, from ` +
      `${percent(Math.min(...recognised))} to ${percent(Math.max(...recognised))} of a class.`,
    alt: `${recognised.length} rows of generated images, one for each class.`,
    rows: classes.map((name, i) => ({ label: [name, percent(recognised[i]!)] })),
  };
});

function study<Name extends StudyName>(name: Name, words: Words<Name>): Draw {
  return ({ studies, info }): Drawn => {
    const { metrics, pictures: { rows: count, columns, values } } = studies[name]!;
    const [height, width] = info.shape as [number, number];
    const length = columns * height * width;
    const { title, caption, alt, rows } = words(
      metrics as NonNullable<StudyMetrics[Name]>,
      info.classes,
    );
    const images = Array.from({ length: count }, (_, i): Images => ({
      height,
      width,
      channels: 1,
      values: values.subarray(i * length, (i + 1) * length),
    }));
    return {
      title,
      caption,
      alt,
      svg: pictureRows(name, images.map((images, i) => ({ ...rows[i]!, images })), text(title, alt)),
      picture: stack(images.map((row) => mosaic(row, columns, 1)), 1),
    };
  };
}

function db(value: number): string {
  return `${value.toFixed(1)} dB`;
}
