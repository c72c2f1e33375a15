import assert from "node:assert/strict";
import { UserError } from "../../pipeline/base/errors.ts";
import { checkSources } from "../../pipeline/stages/sources.ts";
import { loadExperiment } from "../../pipeline/spec/load.ts";
import { FileDigests } from "../../pipeline/store/digests.ts";
import { temporaryFolder } from "../store/temporary.ts";

/** Checks a spec of MNIST from a folder that `make` has filled, and gives what the user is told. */
async function refusal(make: (folder: string) => void, ...overrides: string[]): Promise<UserError> {
  await using folder = await temporaryFolder();
  make(`${folder.path}/mine`);
  const spec = {
    name: "a",
    dataset: { name: "mnist", source: { type: "folder", path: "mine" } },
    model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
  };
  await Deno.writeTextFile(`${folder.path}/a.json`, JSON.stringify(spec, null, 1));
  const loaded = await loadExperiment(`${folder.path}/a.json`, overrides);
  return await checkSources([loaded], new FileDigests(`${folder.path}/digests.json`)).then(
    () => assert.fail("it was accepted"),
    (error) => error,
  );
}

const FOLDERS: [name: string, make: (folder: string) => void, problem: RegExp][] = [
  ["none", () => {}, /there is no such folder$/],
  ["a file", (path) => Deno.writeTextFileSync(path, ""), /it is not a folder$/],
  ["an empty one", (path) => Deno.mkdirSync(path), /train-images-idx3-ubyte is not there$/],
  [
    "other data",
    (path) => {
      Deno.mkdirSync(path);
      Deno.writeFileSync(`${path}/train-images-idx3-ubyte`, new Uint8Array(16));
    },
    /train-images-idx3-ubyte is not the file of this dataset: it has 16 bytes, not 47040016$/,
  ],
];

for (const [name, make, problem] of FOLDERS) {
  Deno.test(`a folder that a spec names is looked at before it runs: ${name}`, async () => {
    const error = await refusal(make);
    assert(error instanceof UserError);
    assert.equal(error.exitStatus, 2);
    assert.match(error.message, /^dataset\.source\.path: Cannot take MNIST from the folder .*mine: /);
    assert.match(error.message, problem);
    assert.deepEqual([error.place!.line, error.place!.column], [7, 12]);
  });
}

Deno.test("a folder of the command line is told by its option", async () => {
  const error = await refusal(() => {}, "dataset.source.path=nowhere");
  assert.match(error.message, /^--set dataset\.source\.path=nowhere: Cannot take MNIST from the folder /);
});
