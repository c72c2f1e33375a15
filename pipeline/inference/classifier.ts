import type { CompiledFunction, Engine, Parameters } from "../engine/engine.ts";
import { tf } from "../engine/tfjs.ts";
import { updateRule } from "../engine/update/optimisers/adam.ts";
import { randomStream } from "../base/random.ts";
import type { Shape } from "../base/shape.ts";
import type { Matrix } from "../metrics/matrix.ts";
import { mostProbable } from "../metrics/most_probable.ts";
import type { Labelled } from "../metrics/probe.ts";
import { chain, dense, type Layer, reshape } from "../vae/layer.ts";
import { Variables } from "../vae/variables.ts";
import { batches } from "./batches.ts";

/** What a classifier makes of n pictures. */
export interface Classified {
  /** Its last hidden layer, [n, features]. */
  readonly features: Matrix;
  /** P(class|picture), [n, classes]. */
  readonly probabilities: Matrix;
}

/** A classifier of pictures that judges what models make. */
export interface Classifier {
  /** Any number of flat pictures [n, values]. */
  classify(pictures: Float32Array): Classified;
  /** Share of the test examples that it is right about. */
  readonly accuracy: number;
  /** Examples that it was trained on, and how often it saw each. */
  readonly trainingExamples: number;
  readonly epochs: number;
  /** Frees it; later use is an error. */
  dispose(): void;
}

/** Everything random about it, which no experiment's seed changes: models of one dataset are judged alike. */
const SEED = 1;
/** Steps of training, however few the examples are, but for what would be learnt by heart. */
const STEPS = 1000, MOST_EPOCHS = 30;
/** Examples in a step, and pictures that are classified at once. */
const BATCH = 50, AT_ONCE = 100;
const RATE = 1e-3;
/** Filters of the two convolutions, and units of the hidden layer, whose values are the features. */
const FILTERS = [16, 32] as const, FEATURES = 64;
const ADAM = { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * Trains a small convolutional network to tell classes: two convolutions 3 x 3 that halve the sides, a hidden layer,
 * softmax; cross entropy, Adam. The same examples give the same classifier.
 *
 * @param shape [height, width] or [height, width, channels]
 */
export function trainClassifier(
  engine: Engine,
  { train, test, shape, classes }: {
    readonly train: Labelled;
    readonly test: Labelled;
    readonly shape: Shape;
    readonly classes: number;
  },
): Classifier {
  const variables = new Variables(SEED);
  const { features, logits } = network(variables, shape, classes);
  const parameters = engine.parameters(variables.list, { rule: updateRule(ADAM), weightDecay: 0 });
  const epochs = fit(engine, parameters, train, classes, (x) => logits(features(x)));
  const values = train.features.columns;
  const compiled = engine.compileFunction({
    parameters,
    inputs: { x: [AT_ONCE, values] },
    fn({ x }) {
      const hidden = features(x!);
      return { hidden, probabilities: tf.softmax(logits(hidden)) };
    },
  });
  const classify = (pictures: Float32Array) => classifyAll(compiled, pictures, values, classes);
  return {
    classify,
    accuracy: accuracyOf(classify(test.features.data).probabilities, test.labels),
    trainingExamples: train.features.rows,
    epochs,
    dispose() {
      compiled.dispose();
      tf.dispose(variables.list);
    },
  };
}

function accuracyOf(probabilities: Matrix, labels: Uint8Array): number {
  return mostProbable(probabilities).filter((label, i) => label === labels[i]).length / labels.length;
}

function network(variables: Variables, [height, width, channels = 1]: Shape, classes: number) {
  const layers: Layer[] = [reshape([height!, width!, channels])];
  let [rows, columns, depth] = [height!, width!, channels];
  FILTERS.forEach((filters, i) => {
    const kernel = variables.kernel(
      `classifier/conv${i + 1}/kernel`,
      [3, 3, depth, filters],
      9 * depth,
      9 * filters,
    );
    const bias = variables.zeros(`classifier/conv${i + 1}/bias`, [filters]);
    layers.push((x) => tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 2, "same"), bias)));
    [rows, columns, depth] = [Math.ceil(rows / 2), Math.ceil(columns / 2), filters];
  });
  const flat = rows * columns * depth;
  layers.push(reshape([flat]), dense(variables, "classifier/hidden", flat, FEATURES), (x) => tf.relu(x));
  return {
    features: chain(layers),
    logits: dense(variables, "classifier/logits", FEATURES, classes),
  };
}

/** Trains, and returns how many epochs. */
function fit(
  engine: Engine,
  parameters: Parameters,
  { features: { rows, columns, data }, labels }: Labelled,
  classes: number,
  logits: Layer,
): number {
  const batch = Math.min(BATCH, rows);
  const step = engine.compileStep({
    parameters,
    inputs: {
      x: { shape: [batch, columns], batched: true },
      wanted: { shape: [batch, classes], batched: true },
    },
    step: ({ x, wanted }) => ({
      loss: tf.neg(tf.mean(tf.sum(tf.mul(wanted!, tf.logSoftmax(logits(x!))), 1))) as tf.Scalar,
    }),
  });
  const { x, wanted } = step.inputs;
  const epochs = Math.min(MOST_EPOCHS, Math.ceil(STEPS / Math.floor(rows / batch)));
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = randomStream(SEED, "classifier", epoch).permutation(rows);
    for (let from = 0; from + batch <= rows; from += batch) {
      wanted!.fill(0);
      order.subarray(from, from + batch).forEach((example, i) => {
        x!.set(data.subarray(example * columns, (example + 1) * columns), i * columns);
        wanted![i * classes + labels[example]!] = 1;
      });
      step.enqueue(RATE);
    }
    step.collect();
  }
  step.dispose();
  return epochs;
}

function classifyAll(
  compiled: CompiledFunction,
  pictures: Float32Array,
  values: number,
  classes: number,
): Classified {
  const rows = pictures.length / values;
  const features = { rows, columns: FEATURES, data: new Float32Array(rows * FEATURES) };
  const probabilities = { rows, columns: classes, data: new Float32Array(rows * classes) };
  for (const { from, to } of batches(rows, AT_ONCE)) {
    compiled.inputs.x!.fill(0).set(pictures.subarray(from * values, to * values));
    const made = compiled.run();
    features.data.set(made.hidden!.subarray(0, (to - from) * FEATURES), from * FEATURES);
    probabilities.data.set(made.probabilities!.subarray(0, (to - from) * classes), from * classes);
  }
  return { features, probabilities };
}
