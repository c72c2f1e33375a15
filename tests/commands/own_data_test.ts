import assert from "node:assert/strict";
import { midi } from "../kinds/music/midi_bytes.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { here } from "./here.ts";
import { reparam } from "./reparam.ts";

const SPEC = `{
  "name": "own",
  "dataset": {
    "name": "midi",
    "source": { "type": "folder", "path": "../mine" },
    "representation": { "stepsPerQuarter": 2, "lowestPitch": 60, "pitches": 8 },
    "windows": { "length": 8, "hop": 4 }
  },
  "model": { "architecture": "dense", "latentSize": 2, "encoder": { "units": [8] }, "decoder": { "units": [8] } },
  "training": { "epochs": 1, "batchSize": 8 },
  "evaluation": { "importanceSamples": 2, "importanceExamples": 1, "probe": false },
  "figures": { "show": ["learning-curves"] }
}`;

/** 64 quarter notes that walk up and down. @param from lowest pitch */
function piece(from: number): Uint8Array {
  return midi([
    Array.from({ length: 64 }, (_, i) => [0, 0x90, from + i % 5, 80, 96, 0x80, from + i % 5, 0]).flat(),
  ]);
}

Deno.test("a report of the user's own files is run again and compared by its own spec, and sampled when they are gone", async () => {
  await using folder = await temporaryFolder();
  const path = (name: string) => `${folder.path}/${name}`;
  await Deno.mkdir(path("specs"));
  await Deno.writeTextFile(path("specs/own.json"), SPEC);
  for (const [i, label] of ["high", "low", "high", "low"].entries()) {
    await Deno.mkdir(path(`mine/${label}`), { recursive: true });
    await Deno.writeFile(path(`mine/${label}/${i}.mid`), piece(60 + i % 2));
  }
  const store = ["--artifacts", path("artifacts")];
  const places = [...store, "--reports", path("reports")];

  const first = await reparam(["run", path("specs/own.json"), ...places]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^own: test loss [\d.]+ nats = reconstruction [\d.]+ \+ KL [\d.]+$/m);
  const spec = await Deno.readTextFile(path("reports/own/spec.json"));
  assert.deepEqual(JSON.parse(spec).dataset.source, { type: "folder", path: "../../mine" });
  assert(!spec.includes(folder.path), "the report shows where its user keeps files");
  const page = await Deno.readTextFile(path("reports/own/index.html"));
  assert.match(page, /the folder \.\.\/\.\.\/mine, seen from this report/);
  assert.match(page, /task run path\/to\/spec\.json --set dataset\.source\.path=FOLDER</);

  const again = await reparam(["run", "spec.json", ...places], { cwd: path("reports/own") });
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /Everything was cached/);
  const compared = await here(["compare", path("reports/own"), "--out", path("compared"), ...store]);
  assert.equal(compared.code, 0, compared.stderr);

  await Deno.rename(path("mine"), path("moved"));
  const lost = await here(["run", path("specs/own.json"), ...places]);
  assert.equal(lost.code, 2);
  assert.match(
    lost.stderr,
    /own\.json:5:43: dataset\.source\.path: Cannot take MIDI files from .*mine: there is no such folder/,
  );
  const sampled = await here([
    "sample",
    path("specs/own.json"),
    "--count",
    "1",
    "--out",
    path("samples"),
    ...store,
  ]);
  assert.equal(sampled.code, 0, sampled.stderr);
  assert.match(sampled.stderr, /there is no such folder\n +The result of stage download of .* is taken/);
  const why = await here(["why", path("specs/own.json"), ...places]);
  assert.match(why.stdout, /^download\n +now: would fail: Cannot take MIDI files/);
  assert.equal(why.stdout.match(/now: cached/g)?.length, 5, why.stdout);

  await Deno.rename(path("moved"), path("mine"));
  await Deno.writeFile(path("mine/low/new.mid"), piece(61));
  await Deno.remove(path("mine/high/2.mid"));
  const changed = await here(["why", path("specs/own.json"), "download", ...places]);
  assert.match(
    changed.stdout,
    /would run: files: high\/2\.mid was removed; files: low\/new\.mid was added$/m,
  );
});
