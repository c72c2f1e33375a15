import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { fetchPackages } from "../../../pipeline/commands/line/fetch_packages.ts";
import { isPresent } from "../../../pipeline/store/disk.ts";
import { ROOT } from "../../graph/toy_project.ts";
import { temporaryFolder } from "../../store/temporary.ts";

const NAME = "fastest-levenshtein";
/** One package of this project's. */
const PACKAGE = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)).imports[NAME] as string;
const ID = PACKAGE.replace("npm:", "");
const LOCK = {
  version: "5",
  specifiers: { [PACKAGE]: ID.slice(ID.lastIndexOf("@") + 1) },
  npm: { [ID]: JSON.parse(await Deno.readTextFile(`${ROOT}/deno.lock`)).npm[ID] },
  workspace: { dependencies: [PACKAGE] },
};

Deno.test("packages are fetched where they are not here for the lock file as it is, and else nothing is done", async () => {
  await using folder = await temporaryFolder();
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(`${folder.path}/${name}`, JSON.stringify(value));
  await write("deno.json", {
    nodeModulesDir: "manual",
    lock: { frozen: true },
    imports: { [NAME]: PACKAGE },
  });
  await write("deno.lock", LOCK);
  const root = pathToFileURL(`${folder.path}/`);
  const installed = `${folder.path}/node_modules/${NAME}/package.json`;
  await fetchPackages(root);
  assert(isPresent(installed));

  await Deno.remove(`${folder.path}/node_modules/${NAME}`);
  await fetchPackages(root);
  assert(!isPresent(installed), "what is known to be here is not looked at");
  await Deno.remove(`${folder.path}/node_modules`, { recursive: true });
  await fetchPackages(root);
  assert(isPresent(installed));

  const stamp = () => Deno.readTextFile(`${folder.path}/node_modules/.fetched-for`);
  const before = await stamp();
  await Deno.writeTextFile(`${folder.path}/deno.lock`, `${JSON.stringify(LOCK)}\n`);
  await fetchPackages(root);
  assert.notEqual(await stamp(), before, "another lock file is looked at");
});
