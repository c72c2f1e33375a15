import { Network } from "./network.js";

/** Examples that are encoded at once where there are many: weights are read once for all of them. */
const BATCH = 25;
/** Milliseconds that a page may be busy without a picture being late. */
const FRAME = 12;
/** And without the reader noticing; and from one word of how many examples are encoded to the next. */
const [LATE, TELLING] = [150, 1500];

/** Whether a model is told a class with what it encodes and decodes. @param {object} data as `readExplorer` gives it */
export function isTold({ decoder }) {
  return decoder.inputs.some(([name]) => name === "y");
}

/**
 * What is written at a step, where a model writes step after step, from what is known of it.
 * @callback Choose
 * @param {import("../../inference/step_means.ts").StepMeans} means of one example
 * @param {number} step
 * @returns {ArrayLike<number>}
 */

/** The trained model, run by the page. */
export class Model {
  /** The label of the class that a conditional model is told. */
  told = 0;
  #data;
  #networks = new Map();
  /** @type {Choose} */
  #choose;

  /** @param {object} data as `readExplorer` gives it @param {Choose} choose */
  constructor(data, choose) {
    this.#data = data;
    this.#choose = choose;
  }

  get latentSize() {
    return this.#data.latentSize;
  }

  /** What the decoder tells of a step: its means, or what the row makes means of. */
  get #known() {
    return this.#data.row?.inputs.find(([name]) => name !== "x")[0] ?? "mean";
  }

  get encodes() {
    return this.#data.encoder !== null;
  }

  /** A network for so many examples at once; weights are unpacked when they are first wanted. */
  #network(name, batch = 1) {
    const id = `${name} ${batch}`;
    if (!this.#networks.has(id)) this.#networks.set(id, new Network(this.#data[name], batch));
    return this.#networks.get(id);
  }

  /** Tells a conditional network the classes of its rows, one-hot. @param {ArrayLike<number>} labels */
  #tell(network, labels) {
    if (!network.reads("y")) return;
    const y = network.input("y").fill(0), { classes } = this.#data;
    for (let i = 0; i < labels.length; i++) y[i * classes.length + labels[i]] = 1;
  }

  /**
   * The means of p(x|z), or what a model wrote that writes step after step.
   * @param {ArrayLike<number>} z
   */
  decode(z, label = this.told) {
    const { steps } = this.#data;
    const network = this.#network("decoder");
    network.input("z").set(z);
    this.#tell(network, [label]);
    if (steps === null) return network.run().mean;
    if (network.reads("before")) return this.#writeOn(network, steps);
    const whole = network.run()[this.#known], features = whole.length / steps;
    return this.#write(
      steps,
      (step) => this.#stepMeans(whole.subarray(step * features, (step + 1) * features)),
    );
  }

  /** What an autoregressive decoder writes that reads what it wrote. */
  #writeOn(network, steps) {
    const states = this.#data.decoder.outputs.filter((name) => name.startsWith("next_"));
    const before = network.input("before").fill(0);
    for (const name of states) network.input(name.slice(5)).fill(0);
    return this.#write(steps, () => {
      const result = network.run();
      for (const name of states) network.input(name.slice(5)).set(result[name]);
      return this.#stepMeans(result[this.#known]);
    }, (chosen) => before.set(chosen));
  }

  /** Writes step after step. @param {(step: number) => object} next @param {(chosen: Float32Array) => void} [told] */
  #write(steps, next, told = () => {}) {
    const rows = Array.from({ length: steps }, (_, step) => {
      const chosen = Float32Array.from(this.#choose(next(step), step));
      told(chosen);
      return chosen;
    });
    const written = new Float32Array(steps * rows[0].length);
    rows.forEach((row, step) => written.set(row, step * row.length));
    return written;
  }

  /** As `inference/decoder.ts` has it. @param {Float32Array} known means, or the decoder's output */
  #stepMeans(known) {
    if (!this.#data.row) return { count: 1, draws: 1, given: () => known };
    const row = this.#network("row");
    row.input(this.#known).set(known);
    const given = (drawn) => {
      row.input("x").set(drawn);
      return row.run().mean;
    };
    // No value waits for more than all others.
    return { count: 1, draws: known.length, given };
  }

  /** The posterior of one example. @param {Float32Array} x @returns {{ mean: Float32Array, logVariance: Float32Array }} */
  encode(x) {
    const network = this.#network("encoder");
    network.input("x").set(x);
    this.#tell(network, [this.told]);
    const { mean, logVariance } = network.run();
    return { mean: mean.slice(), logVariance: logVariance.slice() };
  }

  /**
   * Posterior means of many examples, one after the other in `means`. Between two batches the page is alive, so where
   * one is slow they go one by one.
   *
   * @param {import("./data.js").Examples} examples
   * @param {(means: Float32Array, done: number) => void} told now and then, and at the end
   */
  async encodeAll({ count, values, labels }, told) {
    const d = this.latentSize, means = new Float32Array(count * d);
    let toldAt = performance.now();
    this.encode(values(0));
    const batch = BATCH * (performance.now() - toldAt) < LATE ? BATCH : 1;
    const network = this.#network("encoder", batch);
    const input = network.input("x"), size = input.length / batch;
    for (let from = 0; from < count; from += batch) {
      const here = Math.min(batch, count - from);
      for (let i = 0; i < here; i++) input.set(values(from + i), i * size);
      this.#tell(network, labels.slice(from, from + here));
      means.set(network.run().mean.subarray(0, here * d), from * d);
      const isLast = from + here === count;
      if (isLast || performance.now() - toldAt > TELLING) {
        told(means, from + here);
        toldAt = performance.now();
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /**
   * Fills in what is hidden of an example: what is hidden is decoded from the mean of what it was filled with before
   * (Rezende et al., 2014, appendix F, with means in place of samples). Between two rounds the page is alive.
   *
   * @param {Float32Array} x @param {Uint8Array} hidden 1 where it is to be filled in
   * @param {() => boolean} isStale whether nobody wants the result any more
   */
  async complete(x, hidden, isStale, rounds = 20) {
    const filled = x.map((value, i) => hidden[i] ? 0 : value);
    let busySince = performance.now();
    for (let round = 0; round < rounds && !isStale(); round++) {
      const decoded = this.decode(this.encode(filled).mean);
      for (let i = 0; i < filled.length; i++) if (hidden[i]) filled[i] = decoded[i];
      if (performance.now() - busySince < FRAME) continue;
      await new Promise((resolve) => setTimeout(resolve));
      busySince = performance.now();
    }
    return filled;
  }
}
