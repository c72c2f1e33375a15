import assert from "node:assert/strict";
import { decodeCsv } from "../../pipeline/formats/csv.ts";
import type { BackendName } from "../../pipeline/engine/backends.ts";
import type { ExperimentInput } from "../../pipeline/spec/experiment.ts";
import { assertNear } from "../support/assert_near.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

/** `metrics.csv` of a short training on a few hundred digits, by column; an empty field is NaN. */
async function trained(
  folder: string,
  objective: ExperimentInput["objective"],
  engine: BackendName,
): Promise<Record<string, number[]>> {
  const experiment = smallExperiment({ objective, training: { epochs: 2, batchSize: 50 } });
  await runStage(folder, "train", experiment, undefined, { engine });
  const { columns, rows } = decodeCsv(
    new TextDecoder().decode((await outputs(folder, "train"))["metrics.csv"]),
  );
  return Object.fromEntries(
    columns.map((name, i) => [name, rows.map((row) => row[i] === "" ? NaN : Number(row[i]))]),
  );
}

const ENGINES = ["native", "portable"] as const;

Deno.test("the importance-weighted objective trains in each engine, and is below the loss by what it is tighter", () =>
  withFolder(async (folder) => {
    await prepare(folder, smallExperiment());
    const [native, portable] = [
      await trained(folder, { name: "iwae", samples: 4 }, ENGINES[0]),
      await trained(folder, { name: "iwae", samples: 4 }, ENGINES[1]),
    ];
    for (const epoch of [1, 2]) {
      assert.ok(native.train_objective![epoch]! < native.train_loss![epoch]! - 0.1);
      assert.ok(native.test_loss![epoch]! < native.test_loss![epoch - 1]!);
    }
    // Of examples not trained on it is measured, with as many codes: early stopping goes by it.
    for (const [epoch, objective] of native.test_objective!.entries()) {
      assert.ok(objective < native.test_loss![epoch]! - 0.1, `epoch ${epoch}: ${objective}`);
    }
    for (const column of ["train_objective", "test_objective", "test_loss", "test_kl"]) {
      assertNear(native[column]!.at(-1), portable[column]!.at(-1)!, { relative: 1e-3, what: column });
    }
  }));

Deno.test("objectives that compare the examples of a batch train alike in each engine", (t) =>
  withFolder(async (folder) => {
    await prepare(folder, smallExperiment());
    for (const objective of [{ name: "beta-tc" }, { name: "mmd", alpha: 0.5 }] as const) {
      await t.step(objective.name, async () => {
        const [native, portable] = [
          await trained(folder, objective, ENGINES[0]),
          await trained(folder, objective, ENGINES[1]),
        ];
        assert.ok(native.test_loss![2]! < native.test_loss![0]!);
        for (const column of ["train_objective", "test_loss", "test_kl"]) {
          assertNear(native[column]!.at(-1), portable[column]!.at(-1)!, { relative: 2e-3, what: column });
        }
      });
    }
  }));
