import assert from "node:assert/strict";
import { UserError } from "../../../pipeline/base/errors.ts";
import {
  InstalledPackages,
  installedPackages,
} from "../../../pipeline/graph/executors/installed_packages.ts";
import type { CodeManifest } from "../../../pipeline/store/record.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { type TemporaryFolder, temporaryFolder } from "../../store/temporary.ts";

const CODE: CodeManifest = {
  entry: "",
  variants: {},
  modules: {},
  packages: { "@scope/left": "1.0.0", right: "2.0.0, 3.0.0", absent: "1.0.0" },
};
const LEFT = "node_modules/.deno/@scope+left@1.0.0/node_modules/@scope/left";
const RIGHT = "node_modules/.deno/right@2.0.0_1/node_modules/right";

async function project(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  for (const path of [LEFT, RIGHT]) {
    await Deno.mkdir(`${folder.path}/${path}/lib`, { recursive: true });
    await Deno.writeTextFile(`${folder.path}/${path}/index.js`, `// ${path}`);
    await Deno.writeTextFile(`${folder.path}/${path}/lib/a.js`, "1");
  }
  return folder;
}

/** Verifies as one process does. @returns what the user is told, or undefined */
async function problem(root: string): Promise<UserError | undefined> {
  using store = await Store.open(`${root}/artifacts`);
  try {
    await new InstalledPackages(store, root).verify("sort", CODE);
    return undefined;
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return error;
  }
}

const CHANGES: Readonly<Record<string, (root: string) => void>> = {
  "a byte, with size and time of modification kept": (root) => {
    const path = `${root}/${LEFT}/lib/a.js`;
    const { atime, mtime } = Deno.statSync(path);
    Deno.writeTextFileSync(path, "2");
    Deno.utimeSync(path, atime!, mtime!);
  },
  "a file more": (root) => Deno.writeTextFileSync(`${root}/${LEFT}/lib/b.js`, "1"),
  "a file less": (root) => Deno.removeSync(`${root}/${RIGHT}/lib/a.js`),
  "a file by another name": (root) =>
    Deno.renameSync(`${root}/${RIGHT}/lib/a.js`, `${root}/${RIGHT}/lib/b.js`),
};

Deno.test("the empty mark that Deno leaves for each project changes nothing, and one with something in it does", async () => {
  await using folder = await project();
  assert.equal(await problem(folder.path), undefined);
  await Deno.writeTextFile(`${folder.path}/${LEFT}/.scripts-warned-12`, "");
  assert.equal(await problem(folder.path), undefined);
  await Deno.writeTextFile(`${folder.path}/${LEFT}/.scripts-warned-12`, "1");
  assert.match((await problem(folder.path))!.message, /is not what it was/);
});

Deno.test("a file that no system needs, or another one, may be missing", async () => {
  await using folder = await project();
  const map = `${folder.path}/${LEFT}/index.js.map`;
  await Deno.writeTextFile(map, "{}");
  assert.equal(await problem(folder.path), undefined);
  await Deno.remove(map);
  assert.equal(await problem(folder.path), undefined);
});

Deno.test("types may change: they reach no result", async () => {
  await using folder = await project();
  await Deno.writeTextFile(`${folder.path}/${LEFT}/index.d.ts`, "export const a: 1;");
  assert.equal(await problem(folder.path), undefined);
  await Deno.writeTextFile(`${folder.path}/${LEFT}/index.d.ts`, "export const a: 2;");
  assert.equal(await problem(folder.path), undefined);
});

for (const [name, change] of Object.entries(CHANGES)) {
  Deno.test(`a package in which something changed since it was first used is told: ${name}`, async () => {
    await using folder = await project();
    assert.equal(await problem(folder.path), undefined);
    assert.equal(await problem(folder.path), undefined);
    change(folder.path);
    const { message, notes } = (await problem(folder.path))!;
    assert.match(
      message,
      /^Cannot run stage sort: the package (@scope\/left@1|right@2)\.0\.0 is not what it was when it was first used$/,
    );
    assert.match(notes.at(-1)!, /deno install --reload/);
    assert(await problem(folder.path), "and told again");
  });
}

Deno.test("a package that was installed anew with the same files is what it was", async () => {
  await using folder = await project();
  assert.equal(await problem(folder.path), undefined);
  const path = `${folder.path}/${LEFT}`;
  await Deno.rename(path, `${folder.path}/old`);
  await Deno.mkdir(`${path}/lib`, { recursive: true });
  for (const name of ["lib/a.js", "index.js"]) {
    await Deno.copyFile(`${folder.path}/old/${name}`, `${path}/${name}`);
  }
  assert.equal(await problem(folder.path), undefined);
});

Deno.test("a damaged memo counts as empty", async () => {
  await using folder = await project();
  assert.equal(await problem(folder.path), undefined);
  await Deno.writeTextFile(`${folder.path}/artifacts/packages.json`, "{}");
  assert.equal(await problem(folder.path), undefined);
});

Deno.test("a package is found under each of its versions, for whichever peers; one that is not installed nowhere", async () => {
  await using folder = await project();
  assert.deepEqual(installedPackages(CODE.packages, folder.path).map(({ id }) => id), [
    "@scope/left@1.0.0",
    "right@2.0.0",
  ]);
});
