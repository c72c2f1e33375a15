import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { fetchPackages } from "../../../pipeline/commands/line/fetch_packages.ts";
import { isPresent, listFiles } from "../../../pipeline/store/disk.ts";
import { ROOT } from "../../graph/toy_project.ts";
import { type TemporaryFolder, temporaryFolder } from "../../store/temporary.ts";

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

/** A project that imports the package. */
async function project(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(`${folder.path}/${name}`, JSON.stringify(value));
  await write("deno.json", {
    nodeModulesDir: "manual",
    lock: { frozen: true },
    imports: { [NAME]: PACKAGE },
  });
  await write("deno.lock", LOCK);
  return folder;
}

/** Fetches a project's packages in a process of its own, whose Deno has nothing in its cache. @returns its stderr */
async function fetchAnew(folder: string, env: Record<string, string> = {}): Promise<string> {
  const module = new URL("../../../pipeline/commands/line/fetch_packages.ts", import.meta.url).href;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-config",
      "--no-lock",
      `import { fetchPackages } from "${module}"; await fetchPackages(new URL("${
        pathToFileURL(`${folder}/`)
      }"));`,
    ],
    env: { DENO_DIR: `${folder}/cache`, ...env },
  }).output();
  const text = new TextDecoder().decode(stderr);
  assert(success, text);
  return text;
}

Deno.test("packages are fetched where they are not here for the lock file as it is, and else nothing is done", async () => {
  await using folder = await project();
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

Deno.test("of packages that Deno has not in its cache no second copy and nothing that is of no use stays on the disk", async () => {
  await using folder = await project();
  const leftover = `${folder.path}/node_modules/.fetching/npm/of a process that was killed`;
  await Deno.mkdir(leftover, { recursive: true });
  // Two at once wait for each other.
  assert.deepEqual(await Promise.all([fetchAnew(folder.path), fetchAnew(folder.path)]), ["", ""]);
  assert(!isPresent(`${folder.path}/node_modules/.fetching`));
  const inCache = listFiles(`${folder.path}/cache`).filter((path) => path.includes(NAME));
  assert.deepEqual(inCache, []);
  const installed = `${folder.path}/node_modules/.deno/${ID}`;
  const files = listFiles(installed);
  assert(files.includes(`node_modules/${NAME}/esm/mod.js`), String(files));
  assert(!files.some((path) => path.endsWith(".map")), String(files));
  for (const path of files) {
    assert.equal(Deno.statSync(`${installed}/${path}`).nlink, 1, `${path} is shared with a cache`);
  }
});

Deno.test("where packages cannot be fetched Deno's reason is told, and they are looked for again the next time", async () => {
  await using folder = await project();
  const unreachable = "http://127.0.0.1:9";
  const offline = { HTTPS_PROXY: unreachable, HTTP_PROXY: unreachable, NO_PROXY: "" };
  assert.match(await fetchAnew(folder.path, offline), new RegExp(NAME));
  assert(!isPresent(`${folder.path}/node_modules/${NAME}/package.json`));
  assert.equal(await fetchAnew(folder.path), "");
  assert(isPresent(`${folder.path}/node_modules/${NAME}/package.json`));
});
