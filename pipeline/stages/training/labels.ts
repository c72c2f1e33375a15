import type { Part } from "../../artifacts/dataset.ts";
import { UserError } from "../../base/errors.ts";
import { randomStream } from "../../base/random.ts";
import { plural } from "../../base/words.ts";
import { stratifiedDraw } from "../../metrics/few_labels.ts";
import { tellClasses } from "../../inference/conditions.ts";
import type { LabelChoice } from "../../vae/objectives/objective.ts";

/** The labels that training sees, where it sees those of few examples; no other label comes into a step. */
export class FewLabels {
  readonly #seed: number;
  readonly #classes: number;
  readonly #labels: Part["labels"];
  /** The labelled examples. */
  readonly #told: Uint32Array;
  readonly #isTold: Uint8Array;

  /**
   * Draws the labelled examples, by a stream of the seed's that is numbered by the draw.
   *
   * @param labels of all training examples
   * @throws {UserError} where a class has fewer examples
   */
  constructor(seed: number, { perClass, draw }: LabelChoice, labels: Part["labels"], classes: number) {
    const told = stratifiedDraw(labels, classes, perClass, randomStream(seed, "labels", perClass, draw));
    if (told === null) {
      throw new UserError(
        `Cannot draw ${plural(perClass, "labelled example")} of each class: a class has fewer in training`,
        { notes: ["Next: a smaller objective.labelsPerClass, or more training examples."] },
      );
    }
    this.#seed = seed;
    this.#classes = classes;
    this.#labels = labels;
    this.#told = told;
    this.#isTold = new Uint8Array(labels.length);
    for (const index of told) this.#isTold[index] = 1;
  }

  /**
   * Tells what is known of a batch.
   *
   * @param y [batch, classes]: one-hot where the label is told, else zeros
   */
  tell(y: Float32Array, batch: Uint32Array): void {
    y.fill(0);
    batch.forEach((index, row) => {
      if (this.#isTold[index]) y[row * this.#classes + this.#labels[index]!] = 1;
    });
  }

  /**
   * The labelled examples that a step classifies: so many, each once more only after all have had their turn.
   *
   * @param y [count, classes], their classes, one-hot
   */
  choose(step: number, count: number, y: Float32Array): Uint32Array {
    const order = randomStream(this.#seed, "labelled examples", step).permutation(this.#told.length);
    const chosen = Uint32Array.from({ length: count }, (_, i) => this.#told[order[i % order.length]!]!);
    tellClasses(y, this.#classes, this.#labels, chosen);
    return chosen;
  }
}
