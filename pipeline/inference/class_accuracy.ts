import type { Engine, Parameters } from "../engine/engine.ts";
import { mostProbable } from "../metrics/most_probable.ts";
import type { Labelled } from "../metrics/probe.ts";
import type { ClassPosterior } from "../vae/class_posterior.ts";
import { batches } from "./batches.ts";

/** Examples that are classified at once, or more. */
const ENOUGH = 100;

/** The share of examples whose label is the most probable class by q(y|x); of equal ones the first. */
export function classAccuracy(
  engine: Engine,
  parameters: Parameters,
  classPosterior: ClassPosterior,
  { features: { rows, columns, data: examples }, labels }: Labelled,
): number {
  const batch = engine.examplesAtOnce(ENOUGH, columns);
  const compiled = engine.compileFunction({
    parameters,
    inputs: { x: [batch, columns] },
    fn: ({ x }) => ({ logProbabilities: classPosterior.logProbabilities(x!) }),
  });
  let right = 0;
  for (const { from, to } of batches(rows, batch)) {
    compiled.inputs.x!.fill(0).set(examples.subarray(from * columns, to * columns));
    const data = compiled.run().logProbabilities!;
    mostProbable({ rows: to - from, columns: data.length / batch, data }).forEach((label, i) => {
      if (label === labels[from + i]) right++;
    });
  }
  compiled.dispose();
  return right / rows;
}
