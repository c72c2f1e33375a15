import { count, percent, withArticle } from "../../base/words.ts";
import { drawStudyRows } from "../drawing/study_rows.ts";
import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import { CLASS_ROWS, LARGEST_AMOUNT, STROKE_ROWS } from "./layout.ts";
import type { AttributesMetrics } from "./study.ts";

const NAMES = { slant: "Slant", ink: "Ink" } as const;

/** Draws what the vectors do to test images. */
export function draw(data: ImageFigureData<unknown, Measured<AttributesMetrics>>): Drawn {
  const { study: { metrics: { examples, strokes, classes } }, nouns, info } = data;
  const effects = strokes.map(({ attribute, effect, rises }) =>
    effect === null
      ? `${NAMES[attribute]} is the same in all training images`
      : `${NAMES[attribute]} moves by ${
        percent(effect)
      } of the difference between the training images with most and ` +
        `least of it, and rises in ${percent(rises)} of the images`
  );
  const title = "Arithmetic in latent space";
  const caption =
    `A vector from the codes of the quarter with least of an attribute to those of the quarter with most, added ` +
    `−${LARGEST_AMOUNT} to ${LARGEST_AMOUNT} times; below, the mean code of ${
      withArticle(nouns.one)
    }'s own class taken away and that of ` +
    `another one added, for the reconstruction on the left. Over ${
      count(examples)
    } test images, with the vector ` +
    `added once: ${effects.join("; ")}. Changing the class, k-NN takes ${
      percent(classes.otherAfter)
    } of the images ` +
    `for the class that was asked for, ${percent(classes.otherBefore)} before.`;
  const alt = `Rows of ${nouns.many} that lean and thicken step by step, and rows in which ${
    withArticle(nouns.one)
  } turns into every other.`;
  const labels = [
    ...strokes.flatMap(({ attribute }) =>
      Array.from({ length: STROKE_ROWS }, (_, i) => ({
        label: [`−${LARGEST_AMOUNT} to +${LARGEST_AMOUNT}`],
        ...(i === 0 ? { heading: NAMES[attribute] } : {}),
      }))
    ),
    ...Array.from({ length: CLASS_ROWS }, (_, i) => ({
      label: ["as it is,", `then ${range(info.classes)}`],
      ...(i === 0 ? { heading: "Class" } : {}),
    })),
  ];
  return drawStudyRows("attributes", { title, caption, alt }, labels, data);
}

/** All classes, in no more letters than fit beside a row of images. */
function range(classes: readonly string[]): string {
  const words = `${classes[0]} to ${classes.at(-1)}`;
  return words.length <= 8 ? words : "all";
}
