import assert from "node:assert/strict";
import { join } from "node:path";
import type { FigureList } from "../../pipeline/artifacts/figures_json.ts";
import type { MusicMetrics } from "../../pipeline/artifacts/music_metrics.ts";
import { sample } from "../../pipeline/commands/sample/sample.ts";
import { parseMidi, type Score, writeMidi } from "../../pipeline/kinds/music/midi.ts";
import { assertNear } from "../support/assert_near.ts";
import { reportOfChorales, SMALL_CHORALES } from "./small_chorales.ts";
import { withFolder } from "./small_mnist.ts";

/** A melody of 11 quarters in 3/4, one of them silent, at 100 quarters a minute. */
const TUNE: Score = {
  title: "Tune",
  ticksPerQuarter: 96,
  notes: [67, 69, 71, 72, 71, 69, 67, 65, 64, 62].map((pitch, i) => ({
    pitch,
    onset: 96 * (i < 5 ? i : i + 1),
    duration: 96,
    velocity: 80,
    track: 0,
  })),
  tempi: [{ tick: 0, microsecondsPerQuarter: 600_000 }],
  metres: [{ tick: 0, numerator: 3, denominator: 4 }],
  keys: [],
  tracks: [{ name: "Tune", channel: 0, program: 0 }],
};

Deno.test("music by voices goes through all stages: measured, heard, harmonised, as scores and on the page", async () => {
  await withFolder(async (folder) => {
    const files = await reportOfChorales(folder);
    const read = (file: string) => Deno.readTextFile(join(folder, file));

    const { music }: { music: MusicMetrics } = JSON.parse(await read("evaluate/metrics.json"));
    const { names, sets } = music.voices!;
    assert.deepEqual(names, ["soprano", "alto", "tenor", "bass"]);
    // The cadences are consonant throughout, but for a leading note in one step of sixteen.
    assert.equal(sets.test.pieces, 2);
    assert.ok(Math.abs(sets.test.ratios.consonant.value! - 15 / 16) < 1e-9);
    for (const source of ["prior", "posterior"] as const) {
      assert.equal(sets[source].ratios.crossings.value, 0, source);
      assert.equal(sets[source].ratios.parallelFifths.value, 0, source);
      assert.equal(sets[source].ratios.parallelOctaves.value, 0, source);
      assert.equal(sets[source].ratios.outOfRange.value ?? 0, 0, source);
    }

    const { figures, omitted }: FigureList = JSON.parse(await read("render/figures.json"));
    assert.deepEqual(omitted, []);
    assert.deepEqual(figures.map(({ name }) => name), SMALL_CHORALES.figures.show);
    const sounds = figures.flatMap(({ sounds = [] }) => sounds);
    // The passages of training music that samples are nearest to stand there as piano rolls.
    for (const { file, score, voices, title } of sounds.filter(({ title }) => !title.startsWith("Nearest"))) {
      assert.deepEqual(voices, names);
      const midi = parseMidi(await Deno.readFile(join(folder, "render", file)), { file }).score;
      assert.ok(midi.tracks.every(({ program }) => program === 52), title);
      assert.ok(files.includes(file) && files.includes(score!));
    }
    const harmonised = figures.at(-1)!.sounds!;
    const melody = (notes: typeof harmonised[number]["notes"]) =>
      notes.filter(([, , , voice]) => voice === 0);
    assert.deepEqual(
      melody(harmonised[1]!.notes),
      melody(harmonised[0]!.notes),
      "the melody is as it was given",
    );

    // The cadences' own numbers stand beside those of the model.
    const tables = new Map(figures.map(({ name, table }) => [name, table]));
    const consonant = tables.get("harmonisation")!.rows.find(([name]) => name!.startsWith("Consonant"))!;
    assert.ok(consonant[2]!.startsWith("93.8 ±"), consonant[2]);
    assert.equal(tables.get("attributes")!.rows.length, 3);
    for (const [, before, after, difference, , ...correlations] of tables.get("attributes")!.rows) {
      assertNear(Number(difference), Number(after) - Number(before), { absolute: 0.02 });
      assert.equal(correlations.length, 2);
      assert.ok(correlations.every((r) => r === "none" || Math.abs(Number(r)) <= 1), correlations.join());
    }

    const page = await read("report/index.html");
    for (
      const words of [
        "Markov chain of chords",
        "Model, from the aggregate posterior",
        'name="voice"',
        "MusicXML",
        "Voices under the melodies of",
        consonant[2]!,
      ]
    ) {
      assert.ok(page.includes(words), words);
    }

    const request = {
      spec: SMALL_CHORALES,
      settings: { engine: "native" as const },
      input: (name: string) => join(folder, name),
      label: undefined,
      count: 1,
      seed: 3,
    };
    const [near, score] = await sample({ ...request, posterior: true });
    assert.deepEqual([near!.name, score!.name], ["posterior-seed-3-1.mid", "posterior-seed-3-1.musicxml"]);
    // Longer than a window, and no whole number of them.
    const tune = writeMidi(TUNE), file = "tune.mid";
    const [under] = await sample({ ...request, melody: { file, bytes: tune } });
    assert.equal(under!.name, "melody-seed-3-1.mid");
    const { tracks, notes, tempi, metres } = parseMidi(under!.bytes, { file }).score;
    assert.deepEqual(tracks[0]!.name, "Soprano");
    assert.deepEqual(
      notes.filter(({ track }) => track === 0).map((
        { pitch, onset, duration },
      ) => [pitch, onset / 120, duration / 120]),
      TUNE.notes.map(({ pitch, onset, duration }) => [pitch, onset / 24, duration / 24]),
    );
    assert.ok(Math.abs(tempi[0]!.microsecondsPerQuarter - 600_000) <= 1);
    assert.deepEqual(metres, [{ tick: 0, numerator: 3, denominator: 4 }]);
    const low = writeMidi({ ...TUNE, notes: [{ ...TUNE.notes[0]!, pitch: 30 }] });
    await assert.rejects(
      sample({ ...request, melody: { file, bytes: low } }),
      /Cannot write voices under tune.mid: its melody goes from F♯1 to F♯1/,
    );
  });
});
