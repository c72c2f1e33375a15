import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { queriesOf, sharpnessOf } from "../../../pipeline/figures/sample_quality/read.ts";
import { measure } from "../../../pipeline/figures/sample_quality/study.ts";
import type { PictureClassifier, StudyContext } from "../../../pipeline/figures/study.ts";
import { plainProduct } from "../../../pipeline/metrics/matrix.ts";
import { assertNear } from "../../support/assert_near.ts";

const SHAPE = [4, 5], SIZE = 20, TEST = 80;

/** Pictures of noise; z of one dimension is written into the first value, twice as large. */
const data = randomStream(2, "pictures").fillUniform(new Float32Array(TEST * SIZE));
const pictures = { rows: TEST, columns: SIZE, data };
const labels = Uint8Array.from({ length: TEST }, (_, i) => i % 2);

/** Takes a picture for class 1 where its first value is above 0, and is sure of it beyond 1. */
const classifier: PictureClassifier = {
  accuracy: 0.75,
  trainingExamples: TEST,
  epochs: 1,
  classify(images) {
    const rows = images.length / SIZE;
    const first = Float32Array.from({ length: rows }, (_, i) => images[i * SIZE]!);
    return {
      features: { rows, columns: 1, data: first },
      probabilities: {
        rows,
        columns: 2,
        data: Float32Array.from({ length: rows * 2 }, (_, i) => {
          const x = first[i >> 1]!, sure = Math.abs(x) > 1 ? 0.95 : 0.6;
          return (i % 2 === 1) === x > 0 ? sure : 1 - sure;
        }),
      },
    };
  },
};

/** A decoder whose pictures are all the same but for their first value, 2 z. */
const context = (more: Partial<StudyContext> = {}): StudyContext => ({
  seed: 1,
  shape: SHAPE,
  classes: ["low", "high"],
  latentSize: 1,
  conditional: false,
  reference: { features: pictures, labels, codes: { rows: TEST, columns: 1, data: new Float32Array(TEST) } },
  test: { features: pictures, labels },
  regions: [-3, 3].map((mean) => ({ mean: Float64Array.of(mean), covariance: Float64Array.of(0.01) })),
  inputNoise: undefined,
  neighbours: 1,
  likelihood: undefined,
  classifier,
  samplePrior: (stream, count) => randomStream(1, stream).fillNormal(new Float32Array(count)),
  product: plainProduct,
  encode: (examples) => new Float32Array(examples.length / SIZE),
  decode: (codes) =>
    Float32Array.from({ length: codes.length * SIZE }, (_, i) => i % SIZE === 0 ? 2 * codes[i / SIZE]! : 0.5),
  ...more,
});

Deno.test("samples are looked at until one is surely of a class: as often as their distribution says", () => {
  const { metrics: { judged }, pictures: rows } = measure(context());
  const { search, classes, frechet, classifier: about } = judged!;
  assert.deepEqual(about, { accuracy: 0.75, trainingExamples: TEST, epochs: 1 });
  // 2 z > 1 of a standard normal z: P(z > 0.5) = 0.3085, known to 0.03 from 2,000.
  for (const { prior, region } of search.perClass) {
    assertNear(prior, 0.3085, { absolute: 0.03 });
    assert.equal(region, 1, "codes near 3 and -3 are beyond doubt");
  }
  assertNear(classes, [0.5, 0.5], { absolute: 0.05 });
  assertNear(queriesOf({ judged })!, 1 / 0.3085, { absolute: 0.4 });
  // Of the first values of half of the test pictures, uniform in [0, 1), to N(0, 4), to a point at 0, to the other half.
  assertNear(frechet!.samples, 0.5 ** 2 + (2 - Math.sqrt(1 / 12)) ** 2, { absolute: 1 });
  assertNear(frechet!.reconstructions, 1 / 3, { absolute: 0.15 });
  assert.ok(frechet!.test > 0 && frechet!.test < 0.05, `${frechet!.test}`);
  assert.equal(frechet!.images, TEST / 2);
  assert.equal(rows.length, 5);
});

Deno.test("a class that is never met has no number of queries, and flat pictures no sharpness and no variety", () => {
  const flat = context({ decode: (codes) => new Float32Array(codes.length * SIZE).fill(0.5) });
  const { metrics } = measure(flat);
  assert.equal(queriesOf(metrics), undefined);
  assertNear([metrics.variety, sharpnessOf(metrics)], [0, 0], { absolute: 1e-9 });
  assert.ok(
    metrics.judged!.search.collateral.every(({ shift, spread }) => shift === null && spread === null),
  );
});

Deno.test("attributes of what was found are told in deviations of the test pictures of that class", () => {
  // Whatever is asked for, the decoder puts out test pictures of class 0, each a bit brighter.
  const lighter = (by: number) =>
    context({
      classifier: {
        ...classifier,
        classify: (images) => {
          const rows = images.length / SIZE;
          const probabilities = Float32Array.from({ length: rows * 2 }, (_, i) => i % 2 === 0 ? 0.95 : 0.05);
          return { ...classifier.classify(images), probabilities: { rows, columns: 2, data: probabilities } };
        },
      },
      decode: (codes) =>
        Float32Array.from({ length: codes.length * SIZE }, (_, i) => {
          const example = 2 * (Math.floor(i / SIZE) % (TEST / 2));
          return data[example * SIZE + i % SIZE]! + by;
        }),
    });
  const inkOf = (by: number) =>
    measure(lighter(by)).metrics.judged!.search.collateral.find(({ attribute, way }) =>
      attribute === "ink" && way === "prior"
    )!;
  const inks = Array.from(
    { length: TEST / 2 },
    (_, i) => data.subarray(2 * i * SIZE, (2 * i + 1) * SIZE).reduce((sum, value) => sum + value, 0),
  );
  const mean = inks.reduce((sum, value) => sum + value / inks.length, 0);
  const deviation = Math.sqrt(inks.reduce((sum, value) => sum + (value - mean) ** 2 / (inks.length - 1), 0));
  // All pictures of the class are generated, and half of them judged.
  const { shift, spread } = inkOf(0);
  assertNear(shift!, 0, { absolute: 0.6 });
  assertNear(spread!, 1, { absolute: 0.4 });
  assertNear(inkOf(0.4).shift! - inkOf(0.2).shift!, 0.2 * SIZE / deviation, { relative: 0.4 });
  assertNear(inkOf(0.4).spread!, spread!, { relative: 1e-3 });
});

Deno.test("no distance is told of no more images than the classifier has features", () => {
  const wide: PictureClassifier = {
    ...classifier,
    classify(images) {
      const { probabilities } = classifier.classify(images);
      const { rows } = probabilities;
      return { probabilities, features: { rows, columns: 40, data: new Float32Array(rows * 40) } };
    },
  };
  assert.equal(measure(context({ classifier: wide })).metrics.judged!.frechet, null);
});

Deno.test("without classes detail is measured all the same", () => {
  const { metrics: { judged, detail } } = measure(context({ classifier: undefined }));
  assert.equal(judged, null);
  assert.ok(detail.test.laplacian.mean > 0 && detail.test.highFrequencies.standardError! > 0);
});
