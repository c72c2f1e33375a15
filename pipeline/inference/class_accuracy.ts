import type { Engine, Parameters } from "../engine/engine.ts";
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
  { features: { rows, columns, data }, labels }: Labelled,
): number {
  const batch = engine.examplesAtOnce(ENOUGH, columns);
  const compiled = engine.compileFunction({
    parameters,
    inputs: { x: [batch, columns] },
    fn: ({ x }) => ({ logProbabilities: classPosterior.logProbabilities(x!) }),
  });
  let right = 0;
  for (const { from, to } of batches(rows, batch)) {
    compiled.inputs.x!.fill(0).set(data.subarray(from * columns, to * columns));
    const all = compiled.run().logProbabilities!, classes = all.length / batch;
    for (let i = from; i < to; i++) {
      const row = all.subarray((i - from) * classes, (i - from + 1) * classes);
      if (row.indexOf(Math.max(...row)) === labels[i]) right++;
    }
  }
  compiled.dispose();
  return right / rows;
}
