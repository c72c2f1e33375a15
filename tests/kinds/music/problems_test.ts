import assert from "node:assert/strict";
import { resolve } from "node:path";
import { parseExperiment } from "../../../pipeline/spec/load.ts";
import type { MusicDataset } from "../../../pipeline/kinds/music/schema.ts";
import type { ConvModel } from "../../../pipeline/vae/architectures/conv/schema.ts";
import { edit, messageOf } from "../../spec/helpers.ts";

const MUSIC = `{
  "name": "music",
  "dataset": { "name": "piano-genres" },
  "model": {
    "architecture": "dense",
    "latentSize": 4,
    "encoder": { "units": [8] },
    "decoder": { "units": [8] }
  }
}`;

const load = (text: string, ...overrides: string[]) => parseExperiment(text, "songs/s.json", overrides).spec;

Deno.test("music has its own defaults: an honest split, a piano's pitches, figures with sound", () => {
  const { dataset, figures, generation } = load(MUSIC);
  assert.deepEqual(dataset, {
    name: "piano-genres",
    source: { type: "npm" },
    representation: {
      stepsPerQuarter: 4,
      lowestPitch: 21,
      pitches: 88,
      articulation: true,
      drums: false,
      minimumVelocity: 1,
    },
    windows: { length: 96, hop: 4, transpositions: [0] },
    split: { method: "stretches", validation: 0, test: 0.2 },
    brokenFiles: "refuse",
  });
  assert.equal(figures.show[0], "reconstructions");
  assert.ok(!figures.show.includes("manifold"));
  assert.deepEqual(figures.interpolation, { from: 0, to: 1, steps: 5 });
  assert.deepEqual(generation, { cells: "threshold", threshold: 0.2, density: 1, monophonic: false });
});

Deno.test("as many cells sound as in the data, unless a spec says how they are chosen", () => {
  const of = (model: string, ...overrides: string[]) => load(model, ...overrides).generation;
  const plain = { cells: "threshold", threshold: 0.2, monophonic: false };
  assert.deepEqual(of(MUSIC, "generation.threshold=0.3"), { ...plain, threshold: 0.3 });
  assert.deepEqual(of(MUSIC, "generation.cells=threshold"), plain);
  assert.deepEqual(of(MUSIC, "generation.cells=sample"), { ...plain, cells: "sample" });
  assert.deepEqual(of(MUSIC, "generation.density=2"), { ...plain, density: 2 });
  assert.deepEqual(of(MUSIC, "generation.monophonic=true"), { ...plain, density: 1, monophonic: true });
  // Who writes step by step does not know how much will sound, and draws.
  const writer = edit(
    MUSIC,
    `"architecture": "dense",
    "latentSize": 4,
    "encoder": { "units": [8] },
    "decoder": { "units": [8] }`,
    `"architecture": "lstm",
    "latentSize": 4,
    "encoder": { "units": 8 },
    "decoder": { "units": 8, "autoregressive": {} }`,
  );
  assert.deepEqual(of(writer), { ...plain, cells: "sample" });
  assert.deepEqual(of(writer, "generation.threshold=0.3"), { ...plain, threshold: 0.3 });
  for (const model of [MUSIC, writer]) {
    assert.deepEqual(of(JSON.stringify(load(model))), of(model), "what is filled in stays as it is");
  }
});

Deno.test("a resolved spec of music resolves to itself", () => {
  for (const overrides of [[], ["dataset.windows.perPiece=200", "dataset.split.method=windows"]]) {
    const spec = load(MUSIC, ...overrides);
    assert.deepEqual(load(JSON.stringify(spec)), spec);
  }
});

Deno.test("windows are given by hop or by number, not both", () => {
  const { windows } = load(MUSIC, "dataset.windows.perPiece=200").dataset as MusicDataset;
  assert.deepEqual(windows, { length: 96, perPiece: 200, transpositions: [0] });
  assert.equal(
    messageOf(edit(MUSIC, `"piano-genres"`, `"piano-genres", "windows": { "hop": 4, "perPiece": 5 }`)),
    "s.json:3:75: dataset.windows.perPiece: The windows are given by hop and by perPiece: one of them is allowed",
  );
});

Deno.test("a model's channels are a roll's play and articulate cells, where it has both", () => {
  const conv = {
    architecture: "conv",
    latentSize: 4,
    encoder: { conv: [{ filters: 4, kernel: 4, stride: 4 }] },
    decoder: { reshape: [24, 22, 4], conv: [{ filters: 2, kernel: 4, stride: 4 }] },
  };
  const spec = JSON.stringify({ ...JSON.parse(MUSIC), model: conv });
  assert.equal((load(spec).model as ConvModel).channels, 2);
  assert.match(messageOf(spec, "dataset.representation.articulation=false"), /as an image has channels, 1/);
  assert.match(messageOf(spec, "model.channels=3"), /A row of 176 values cannot be divided into 3 channels/);
});

Deno.test("what is impossible of music is refused", () => {
  const cases: [string, RegExp][] = [
    ["dataset.source.type=https", /piano-genres has no site of its own to download from/],
    ["dataset.representation.lowestPitch=60", /The pitches reach up to 147: MIDI's highest is 127/],
    ["dataset.windows.transpositions=[0,1,0]", /The transposition 0 is given twice/],
    ["dataset.split.validation=0.8", /leave nothing to train on/],
    ["dataset.split.test=0", /dataset\.split\.test must be a number above 0/],
    ["training.earlyStopping.patience=3", /Early stopping needs a validation part/],
    ["model.likelihood.family=gaussian", /the likelihood must be "bernoulli"/],
    ["dataset.split.train.count=5", /"train" is not a key of dataset\.split/],
    ["dataset.binarisation=static", /"binarisation" is not a key of dataset with name "piano-genres"/],
    ["figures.interpolation.to=2", /There is no class 2 to interpolate to/],
  ];
  for (const [override, message] of cases) assert.match(messageOf(MUSIC, override), message, override);
});

Deno.test("generation is refused for images", () => {
  const images = JSON.stringify({ ...JSON.parse(MUSIC), dataset: { name: "mnist" } });
  assert.match(
    messageOf(images, "generation.threshold=0.3"),
    /generation is for music: MNIST is a set of images/,
  );
});

Deno.test("lute music comes by https or from a folder, a user's own from a folder alone", () => {
  const lute = edit(MUSIC, "piano-genres", "bach-lute");
  assert.deepEqual(load(lute).dataset.source, { type: "https" });
  assert.match(messageOf(lute, "dataset.source.type=npm"), /must be one of "https", "folder"/);
  assert.match(messageOf(edit(MUSIC, "piano-genres", "midi")), /dataset\.source is missing/);
});

Deno.test("a folder is relative to the file that names it, or to where the command is given", () => {
  const own = edit(MUSIC, `"piano-genres"`, `"midi", "source": { "type": "folder", "path": "my/music" }`);
  const path = (...overrides: string[]) => {
    const { source } = load(own, ...overrides).dataset;
    return "path" in source ? source.path : undefined;
  };
  assert.equal(path(), resolve("songs/my/music"));
  assert.equal(path("dataset.source.path=other"), resolve("other"));
  assert.equal(path("dataset.source.path=/absolute"), "/absolute");
});
