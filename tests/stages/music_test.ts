import tonejsMidi from "@tonejs/midi";
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { bytesOf, readDataset } from "../../pipeline/artifacts/dataset.ts";
import { decodeWindows, musicInfo } from "../../pipeline/kinds/music/music.ts";
import { formatUserError, UserError } from "../../pipeline/base/errors.ts";
import type { FigureList } from "../../pipeline/artifacts/figures_json.ts";
import { decodePng } from "../../pipeline/formats/png.ts";
import { type Experiment, type ExperimentInput, experimentSchema } from "../../pipeline/spec/experiment.ts";
import { DECLARATIONS } from "../../pipeline/stages/declarations.ts";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { musicMetrics } from "../../pipeline/artifacts/music_metrics.ts";
import { sample } from "../../pipeline/commands/sample/sample.ts";
import { assertNear } from "../support/assert_near.ts";
import type { FigureName } from "../../pipeline/figures/figures.ts";
import { music as musicKind } from "../../pipeline/kinds/music/kind.ts";
import { musicFiles } from "../kinds/music/music_files.ts";
import { violations } from "../report/axe.ts";
import { EXECUTABLE, inBrowser } from "../report/browser.ts";
import { prepare, runStage, withFolder } from "./small_mnist.ts";
import { sliceOf } from "../support/slice.ts";

const { Midi } = tonejsMidi;

/** The 14 real pieces on an eighth-note grid, and a model of a few units. */
const SMALL: ExperimentInput = {
  name: "small-music",
  dataset: {
    name: "piano-genres",
    representation: { stepsPerQuarter: 2, lowestPitch: 52, pitches: 24 },
    windows: { length: 32, hop: 32 },
  },
  model: { architecture: "dense", latentSize: 3, encoder: { units: [24] }, decoder: { units: [24] } },
  training: { epochs: 2, batchSize: 32 },
  evaluation: { importanceSamples: 10, importanceExamples: 5, probe: false },
  figures: {
    show: [...musicKind.figures.show as FigureName[], "class-shift"],
    samples: 2,
    reconstructions: 2,
    interpolation: { steps: 3 },
  },
};

function experiment(dataset: object = {}, changes: object = {}): Experiment {
  return experimentSchema.parse({ ...SMALL, ...changes, dataset: { ...SMALL.dataset, ...dataset } });
}

/** Notes in range and of some length, at a tempo that people play at. */
function assertPlayable(bytes: Uint8Array, name: string): void {
  const { tracks, header } = new Midi(bytes);
  const notes = tracks.flatMap((track) => track.notes);
  for (const { midi, durationTicks, velocity } of notes) {
    assert.ok(midi >= 52 && midi < 76 && durationTicks > 0 && velocity > 0.1 && velocity <= 1, name);
  }
  assert.ok(header.tempos[0]!.bpm > 30 && header.tempos[0]!.bpm < 300, name);
}

Deno.test("a small model goes from real pieces to rolls, MIDI files and honest numbers", (t) =>
  withFolder(async (folder) => {
    const spec = experiment();
    await prepare(folder, spec);
    for (const stage of ["train", "evaluate", "render"]) await runStage(folder, stage, spec);

    const { info, train, test } = await readDataset((name) => join(folder, "preprocess", name));
    const music = musicInfo(info);
    assert.deepEqual(info.classes, ["classical", "ragtime"]);
    assert.deepEqual(info.shape, [32, 48]);
    assert.equal(music.pieces.length, 14);
    assert.ok(train.images.every((cell) => cell === 0 || cell === 1));
    const windows = decodeWindows(await Deno.readTextFile(join(folder, "preprocess/windows.csv")));
    assert.equal(windows.train.length, train.examples);
    windows.test.forEach(({ piece }, i) => assert.equal(music.pieces[piece]!.label, test.labels[i]));
    assert.deepEqual(music.leak, { mean: 0, mostlySeen: 0 });
    decodePng(await Deno.readFile(join(folder, "preprocess/contact-sheet.png")));

    const metrics: EvaluationMetrics = JSON.parse(
      await Deno.readTextFile(join(folder, "evaluate/metrics.json")),
    );
    const { frameNll, statistics, copies } = musicMetrics(metrics)!;
    // The negative ELBO is a sum over the steps of a window, and what the code costs is part of it.
    assertNear([frameNll.model, frameNll.reconstruction, frameNll.kl].map((value) => value * 32), [
      metrics.test.loss,
      metrics.test.reconstruction,
      metrics.test.kl,
    ], { relative: 1e-6 });
    assert.ok(frameNll.kl > 0);
    assert.ok(frameNll.previousFrame < frameNll.pitchFrequencies);
    assert.ok(Math.abs(statistics.train.meanPolyphony - music.meanPolyphony) < 1e-9);
    // Where nothing is said of cells, as many sound as in the data.
    assert.ok(Math.abs(statistics.samples.meanPolyphony / music.meanPolyphony - 1) < 0.05);
    assert.ok(copies.test.meanDissimilarity > 0.2 && copies.test.meanDissimilarity < 1);

    const { figures, omitted }: FigureList = JSON.parse(
      await Deno.readTextFile(join(folder, "render/figures.json")),
    );
    assert.deepEqual(omitted, []);
    assert.deepEqual(figures.map(({ name }) => name), spec.figures.show);
    const sounds = figures.flatMap((figure) => figure.sounds ?? []);
    // A window of each class, its reconstruction, and two points on the way to the other class.
    const shift = figures.find(({ name }) => name === "class-shift")!;
    assert.deepEqual(shift.sounds!.map(({ title }) => title.replace(/:.*/, "")), [
      "classical",
      "Reconstruction",
      "50 % of the way to ragtime",
      "100 % of the way to ragtime",
      "ragtime",
      "Reconstruction",
      "50 % of the way to classical",
      "100 % of the way to classical",
    ]);
    assert.match(shift.caption, /a linear probe that knows nothing of its piece .* of 14 pieces/);
    assert.equal(sounds.length, 2 * 2 + 2 * 2 + 2 * 2 + 3 + 2 * 4);
    for (const { file, notes } of sounds) {
      const bytes = await Deno.readFile(join(folder, "render", file));
      assertPlayable(bytes, file);
      assert.equal(new Midi(bytes).tracks.reduce((sum, track) => sum + track.notes.length, 0), notes.length);
    }

    for (const label of [undefined, "ragtime"]) {
      const request = {
        spec,
        settings: { engine: "native" as const },
        input: (name: string) => join(folder, name),
        count: 3,
        label,
        seed: 7,
      };
      const [once, again] = [await sample(request), await sample(request)];
      assert.equal(once.length, 3);
      assert.deepEqual(once, again, "the same seed gives the same files");
      for (const { name, bytes } of once) {
        assert.match(name, new RegExp(`^${label ?? "prior"}-seed-7-[123]\\.mid$`));
        assertPlayable(bytes, name);
      }
      const other = await sample({ ...request, seed: 8 });
      assert.notDeepEqual(other[0]!.bytes, once[0]!.bytes);
    }
    await assert.rejects(
      sample({
        spec,
        settings: { engine: "native" },
        input: (name) => join(folder, name),
        count: 1,
        label: "rag",
        seed: 1,
      }),
      (error: unknown) =>
        error instanceof UserError && formatUserError(error).includes("Did you mean ragtime?"),
    );

    const inputs: string[] = [];
    for (const stage of ["download", "preprocess", "train", "evaluate", "render"]) {
      for (const file of await files(join(folder, stage))) inputs.push(`${stage}/${file}`);
    }
    await runStage(folder, "report", spec, (context) => ({ ...context, inputs: inputs.sort() }));
    const page = await Deno.readTextFile(join(folder, "report/index.html"));
    assert.equal(page.match(/class="play"/g)!.length, sounds.length);
    assert.match(page, /CC BY-SA 3\.0 DE/);
    assert.match(page, /stretches that training never saw/);
    assert.ok(!page.includes("this split leaks"));
    for (const { file } of sounds) {
      assert.ok(page.includes(`href="${file}"`), file);
      await Deno.stat(join(folder, "report", file));
    }
    await t.step({
      name: "its page has nothing that axe-core objects to",
      ignore: EXECUTABLE === undefined,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: () => inBrowser(page, async (opened) => assert.deepEqual(await violations(opened), [])),
    });
  }));

Deno.test("a decoder that reads its own steps is trained, measured and heard", () =>
  withFolder(async (folder) => {
    const spec = experiment({ windows: { length: 12, hop: 96 } }, {
      model: {
        architecture: "lstm",
        latentSize: 2,
        encoder: { units: 4 },
        decoder: { units: 6, autoregressive: { wordDropout: 0.4 } },
      },
      generation: { cells: "sample" },
      figures: { show: ["prior-samples"], samples: 3 },
    });
    await prepare(folder, spec);
    for (const stage of ["train", "evaluate", "render"]) await runStage(folder, stage, spec);
    const metrics: EvaluationMetrics = JSON.parse(
      await Deno.readTextFile(join(folder, "evaluate/metrics.json")),
    );
    assert.ok(
      Number.isFinite(metrics.test.loss) && musicMetrics(metrics)!.statistics.samples.notesPerBar > 0,
    );
    const { figures }: FigureList = JSON.parse(await Deno.readTextFile(join(folder, "render/figures.json")));
    for (const { file } of figures[0]!.sounds!) {
      assertPlayable(await Deno.readFile(join(folder, "render", file)), file);
    }
  }));

Deno.test("the paper's split leaks, and is measured to", () =>
  withFolder(async (folder) => {
    const spec = experiment({ windows: { length: 32, hop: 2 }, split: { method: "windows" } });
    await prepare(folder, spec);
    const { info, train } = await readDataset((name) => join(folder, "preprocess", name));
    // A test window of 32 steps is seen whole where training has windows every 2 steps around it.
    assert.ok(musicInfo(info).leak.mean > 0.95 && musicInfo(info).leak.mostlySeen > 0.99);
    assert.match(info.split, /test windows share (9\d|100)/);
    assert.ok(train.examples > 1000);
  }));

Deno.test("a user's folder: its classes are its sub-folders, and a broken file is named", () =>
  withFolder(async (folder) => {
    const own = join(folder, "own");
    const pieces = (await musicFiles()).filter(({ name }) => /^(classical|ragtime)\//.test(name));
    for (const { name, bytes } of [...pieces.slice(0, 2), ...pieces.slice(-2)]) {
      await Deno.mkdir(dirname(join(own, name)), { recursive: true });
      await Deno.writeFile(join(own, name), bytes);
    }
    await Deno.writeTextFile(join(own, "ragtime/broken.mid"), "MThd, but no more");
    const source = { type: "folder", path: own };
    const spec = experiment({ name: "midi", source });
    const download = DECLARATIONS[0]!;
    const slice = async () => JSON.stringify(await sliceOf(download, spec, { engine: "portable" }));
    const before = await slice();

    await assert.rejects(prepare(folder, spec), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(formatUserError(error), /ragtime\/broken\.mid.*brokenFiles=skip/s);
      return true;
    });
    const lenient = experiment({ name: "midi", source, brokenFiles: "skip" });
    const { notices } = await runStage(folder, "preprocess", lenient);
    assert.match(notices[0]!, /^Skipped: 1 file, ragtime\/broken\.mid \(format \d+ is not read/);
    const { info } = await readDataset((name) => join(folder, "preprocess", name));
    assert.deepEqual(info.classes, ["classical", "ragtime"]);
    assert.equal(musicInfo(info).pieces.length, 4);
    assert.match(info.licence.name, /not stated/);

    await Deno.writeTextFile(join(own, "ragtime/broken.mid"), "changed");
    assert.notEqual(await slice(), before, "what a file holds is part of the key");
  }));

Deno.test("drums are left out unless they are wanted, soft notes where they are not", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "own/songs"), { recursive: true });
    const midi = new Midi();
    const piano = midi.addTrack();
    const drums = midi.addTrack();
    drums.channel = 9;
    for (let i = 0; i < 40; i++) {
      piano.addNote({ midi: 60, ticks: 480 * i, durationTicks: 240, velocity: i % 2 ? 0.9 : 0.1 });
      drums.addNote({ midi: 50, ticks: 480 * i, durationTicks: 240, velocity: 0.9 });
    }
    await Deno.writeFile(join(folder, "own/songs/beat.mid"), midi.toArray());
    const sounding = async (representation: object) => {
      const spec = experiment({
        name: "midi",
        source: { type: "folder", path: join(folder, "own") },
        representation: { stepsPerQuarter: 2, lowestPitch: 40, pitches: 40, ...representation },
        windows: { length: 10, hop: 10 },
      });
      await prepare(folder, spec);
      const { info, train } = await readDataset((name) => join(folder, "preprocess", name));
      const steps = train.examples * 10;
      assert.equal(info.classes[0], "songs");
      // Columns count from pitch 40.
      const share = (column: number) =>
        bytesOf(train).reduce((sum, cell, i) => sum + (i % 80 === column ? cell : 0), 0) / steps;
      return [share(60 - 40), share(50 - 40)];
    };
    assert.deepEqual(await sounding({}), [0.5, 0]);
    assert.deepEqual(await sounding({ drums: true }), [0.5, 0.5]);
    const [loud] = await sounding({ minimumVelocity: 64 });
    assert.ok(Math.abs(loud! - 0.25) <= 0.05, String(loud));
  }));

async function files(folder: string, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, prefix))) {
    const path = prefix === "" ? name : `${prefix}/${name}`;
    found.push(...isDirectory ? await files(folder, path) : [path]);
  }
  return found;
}
