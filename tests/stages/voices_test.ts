import assert from "node:assert/strict";
import { join } from "node:path";
import type { FigureList } from "../../pipeline/artifacts/figures_json.ts";
import type { MusicMetrics } from "../../pipeline/artifacts/music_metrics.ts";
import { parseMidi } from "../../pipeline/kinds/music/midi.ts";
import { reportOfChorales, SMALL_CHORALES } from "./small_chorales.ts";
import { withFolder } from "./small_mnist.ts";

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
      assert.equal(sets[source].ratios.outOfRange.value ?? 0, 0, source);
    }

    const { figures, omitted }: FigureList = JSON.parse(await read("render/figures.json"));
    assert.deepEqual(omitted, []);
    assert.deepEqual(figures.map(({ name }) => name), SMALL_CHORALES.figures.show);
    const sounds = figures.flatMap(({ sounds = [] }) => sounds);
    for (const { file, score, voices, title } of sounds) {
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

    const page = await read("report/index.html");
    for (
      const words of [
        "Markov chain of chords",
        "Model, from the aggregate posterior",
        'name="voice"',
        "MusicXML",
      ]
    ) {
      assert.ok(page.includes(words), words);
    }
  });
});
