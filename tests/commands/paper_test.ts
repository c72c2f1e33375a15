import assert from "node:assert/strict";
import { type TemporaryFolder, temporaryFolder } from "../store/temporary.ts";
import { toy } from "./toy.ts";

const PLACES = ["--artifacts=artifacts", "--reports=reports"];
/** More numbers than an array holds: the first stage fails, as a download does that finds no server. */
const UNREACHABLE = 5_000_000_000;

async function folderWithParts(music: number): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await Deno.writeTextFile(
    `${folder.path}/images.json`,
    '{ "name": "images", "matrix": { "count": [5, 6] } }',
  );
  await Deno.writeTextFile(`${folder.path}/music.json`, `{ "name": "music", "count": ${music} }`);
  return folder;
}

Deno.test("paper runs specs and sweeps, publishes each run's report and makes one page of all", async () => {
  await using folder = await folderWithParts(4);
  const { code, stdout, stderr } = await toy(folder.path, "paper", ...PLACES);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /3 runs, 9 stages executed/);
  const page = await Deno.readTextFile(`${folder.path}/reports/paper/index.html`);
  assert.deepEqual(page.trim().split("\n"), [
    "images 5: ==Sum: 45 runs/images-count-5/index.html",
    "images 6: ==Sum: 63 runs/images-count-6/index.html",
    "music : ==Sum: 30 runs/music/index.html",
    "stand-in: none",
  ]);
  assert.equal(await Deno.readTextFile(`${folder.path}/reports/paper/runs/music/index.html`), "==Sum: 30\n");
});

Deno.test("where the lute files cannot be had, other data take their place, and the page is told why", async () => {
  await using folder = await folderWithParts(UNREACHABLE);
  const { code, stdout, stderr } = await toy(folder.path, "paper", ...PLACES);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /--mirror DIR\|URL/);
  const page = await Deno.readTextFile(`${folder.path}/reports/paper/index.html`);
  assert.match(page, /^music : ==Sum: 18 /m);
  assert.match(page, /^stand-in: Stage make failed/m);
});

Deno.test("a mirror that does not deliver is an error: nothing stands in for it", async () => {
  await using folder = await folderWithParts(UNREACHABLE);
  const { code, stderr } = await toy(folder.path, "paper", "--mirror=nowhere", ...PLACES);
  assert.equal(code, 1);
  assert.match(stderr, /Stage make failed/);
  await assert.rejects(Deno.stat(`${folder.path}/reports/paper`), Deno.errors.NotFound);
});
