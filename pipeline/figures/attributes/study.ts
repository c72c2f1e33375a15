import { concatenated } from "../../base/arrays.ts";
import { attributeVector, ink, intensities, meanRow, moved, slant } from "../../metrics/attributes.ts";
import { randomStream } from "../../base/random.ts";
import { measuredTest, oneOfEach, recognised } from "../measuring/examples.ts";
import type { StudyContext, StudyResult } from "../study.ts";
import { ATTRIBUTE_STEPS, CLASS_ROWS, LARGEST_AMOUNT, STROKE_ROWS } from "./layout.ts";

/** What arithmetic in latent space does to test images, measured on what the decoder makes of the codes. */
export interface AttributesMetrics {
  readonly examples: number;
  readonly strokes: readonly StrokeEffect[];
  readonly classes: ClassEffect;
}

/** What the vector of an attribute does to it. */
export interface StrokeEffect {
  readonly attribute: "slant" | "ink";
  /** Means of the training images with the most and the least of it: their difference. */
  readonly gap: number;
  /**
   * How far the attribute moves when the vector between the two is added once, as a share of `gap`; null where that
   * is 0.
   */
  readonly effect: number | null;
  /** Share of images in which it rises. */
  readonly rises: number;
}

/** What comes of a code less the mean code of its own class, plus that of another one. */
export interface ClassEffect {
  /** Share taken for their own class before. */
  readonly ownBefore: number;
  /** Share taken for the other class before and after. */
  readonly otherBefore: number;
  readonly otherAfter: number;
}

/**
 * Adds vectors to the codes of test images: from the training images with the least of an attribute to those with the
 * most (Larsen et al., 2016), and from the mean of an image's own class to that of another one.
 */
export function measure(context: StudyContext): StudyResult<AttributesMetrics> {
  const { shape, latentSize, reference, classes } = context;
  const [, width, channels = 1] = shape as [number, number, number | undefined];
  const size = reference.features.columns;
  const measured = measuredTest(context);
  const codes = context.encode(measured.features.data);
  const before = context.decode(codes);
  const perImage = (images: Float32Array, measure: (image: Float32Array) => number) =>
    Float64Array.from(
      { length: images.length / size },
      (_, i) => measure(intensities(images.subarray(i * size, (i + 1) * size), channels)),
    );

  const measures = { slant: (image: Float32Array) => slant(image, width), ink };
  const strokes = (["slant", "ink"] as const).map((attribute) => {
    const measure = measures[attribute];
    const values = perImage(reference.features.data, measure);
    const vector = attributeVector(reference.codes.data, latentSize, values);
    const from = perImage(before, measure);
    const to = perImage(context.decode(moved(codes, vector.direction, 1)), measure);
    const changes = to.map((value, i) => value - from[i]!);
    const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
    return {
      vector,
      metrics: {
        attribute,
        gap: vector.gap,
        effect: vector.gap === 0 ? null : mean / vector.gap,
        rises: changes.filter((change) => change > 0).length / changes.length,
      },
    };
  });

  const means = classes.map((_, label) =>
    meanRow(
      reference.codes.data,
      latentSize,
      [...reference.labels.keys()].filter((i) => reference.labels[i] === label),
    )
  );
  const towards = (code: Float32Array, own: number, other: number) =>
    code.map((value, j) => value - means[own]![j]! + means[other]![j]!);
  const random = randomStream(context.seed, "other classes");
  const others = measured.labels.map((own) =>
    (own + 1 + random.integer(classes.length - 1)) % classes.length
  );
  const turned = new Float32Array(codes.length);
  others.forEach((other, i) => {
    const code = codes.subarray(i * latentSize, (i + 1) * latentSize);
    turned.set(towards(code, measured.labels[i]!, other), i * latentSize);
  });

  const shown = oneOfEach(context);
  const shownCodes = context.encode(shown.features.data);
  const codeOf = (i: number) => shownCodes.subarray(i * latentSize, (i + 1) * latentSize);
  const strokeRows = strokes.flatMap(({ vector }, attribute) =>
    Array.from({ length: STROKE_ROWS }, (_, row) => {
      const code = codeOf((attribute * STROKE_ROWS + row * 3 + 2) % shown.labels.length);
      return concatenated(
        Float32Array,
        Array.from({ length: ATTRIBUTE_STEPS }, (_, step) => {
          const amount = LARGEST_AMOUNT * (2 * step / (ATTRIBUTE_STEPS - 1) - 1);
          return moved(code, vector.direction, amount);
        }),
      );
    })
  );
  const classRows = Array.from({ length: CLASS_ROWS }, (_, row) => {
    const i = (3 * row + 1) % shown.labels.length;
    return concatenated(Float32Array, [
      codeOf(i),
      ...Array.from(
        { length: ATTRIBUTE_STEPS - 1 },
        (_, step) => towards(codeOf(i), shown.labels[i]!, step % classes.length),
      ),
    ]);
  });
  return {
    metrics: {
      examples: measured.labels.length,
      strokes: strokes.map(({ metrics }) => metrics),
      classes: {
        ownBefore: recognised(context, before, measured.labels),
        otherBefore: recognised(context, before, others),
        otherAfter: recognised(context, context.decode(turned), others),
      },
    },
    pictures: [...strokeRows, ...classRows].map((row) => context.decode(row)),
  };
}
