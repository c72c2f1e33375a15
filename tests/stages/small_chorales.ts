import { join } from "node:path";
import { type Experiment, experimentSchema } from "../../pipeline/spec/experiment.ts";
import { listFiles } from "../../pipeline/store/disk.ts";
import { runStage } from "./small_mnist.ts";

/** Chords of a cadence, a quarter each, from soprano to bass. */
const CADENCE = [[72, 67, 64, 48], [72, 69, 65, 53], [71, 67, 62, 55], [72, 67, 64, 48]];

/** A cadence in a key, with a passing note, as the file of the dataset has pieces: steps of pitches. */
function piece(semitones: number, bars: number): number[][] {
  return Array.from(
    { length: 16 * bars },
    (_, step) =>
      CADENCE[Math.floor(step / 4) % 4]!.map((pitch, voice) =>
        pitch + semitones + (voice === 0 && step % 16 === 14 ? -1 : 0)
      ),
  );
}

/** A model of a few units on a bar of four voices. */
export const SMALL_CHORALES: Experiment = experimentSchema.parse({
  name: "small-chorales",
  dataset: { name: "jsb-chorales", windows: { length: 16, hop: 16, transpositions: [0] } },
  model: {
    architecture: "lstm",
    latentSize: 2,
    likelihood: { family: "categorical", autoregressive: {} },
    encoder: { units: 8 },
    decoder: { units: 8, autoregressive: {} },
  },
  training: { epochs: 1, batchSize: 8 },
  evaluation: { importanceSamples: 2, importanceExamples: 2, probe: false },
  generation: { temperature: 0.9, topP: 0.95, ranges: "satb", crossing: false, parallels: false },
  figures: {
    show: ["prior-samples", "posterior-samples", "interpolation", "attributes", "harmonisation"],
    samples: 2,
    interpolation: { from: 0, to: 0 },
  },
});

/** Runs all stages on cadences in several keys, as if they had been downloaded. @returns the files of the report */
export async function reportOfChorales(folder: string, spec = SMALL_CHORALES): Promise<string[]> {
  const download = join(folder, "download");
  await Deno.mkdir(download, { recursive: true });
  const pieces = {
    train: [0, 2, -2, 4, -3, 5].map((semitones) => piece(semitones, 4)),
    valid: [piece(1, 3)],
    test: [piece(-1, 1), piece(3, 1)],
  };
  await Deno.writeTextFile(join(download, "Jsb16thSeparated.json"), JSON.stringify(pieces));
  const source = {
    name: "jsb-chorales",
    title: "Cadences",
    authors: [],
    licence: { name: "", url: "" },
    url: "",
    files: [],
  };
  await Deno.writeTextFile(join(download, "source.json"), JSON.stringify(source));
  for (const stage of ["preprocess", "train", "evaluate", "render"]) await runStage(folder, stage, spec);
  const inputs = listFiles(folder).filter((file) => !file.includes(".scratch/"));
  await runStage(folder, "report", spec, (context) => ({ ...context, inputs: inputs.sort() }));
  return listFiles(join(folder, "report"));
}
