import assert from "node:assert/strict";
import { workerArguments } from "../../../pipeline/graph/worker/command.ts";
import type { Assignment } from "../../../pipeline/graph/worker/protocol.ts";

const ASSIGNMENT: Assignment = {
  key: "",
  stage: "sort",
  module: "file:///project/src/sort.ts",
  variants: {},
  own: [],
  slice: null,
  passthrough: null,
  inputs: { "make/list.txt": "/store/cas/1" },
  output: "/store/work/k/output",
  scratch: "/store/work/k/scratch",
  lock: "/store/work/k/lock",
};
const SANDBOX = {
  root: "/project",
  code: ["/project/src/sort.ts"],
  blobs: "/store/cas",
  workFolder: "/store/work/k",
  passedOn: {},
  permissions: {},
};

/** The permissions among a worker's arguments. */
function allowed(permissions: Parameters<typeof workerArguments>[1]["permissions"]): string[] {
  return workerArguments(ASSIGNMENT, { ...SANDBOX, permissions }).filter((argument) =>
    argument.startsWith("--allow-")
  );
}

Deno.test("a worker may read its inputs, code and folder, write to its folder, and no more", () => {
  assert.deepEqual(allowed({}), [
    "--allow-read=src/sort.ts,/store/cas/1,/store/work/k",
    "--allow-write=/store/work/k",
    "--allow-sys=cpus,systemMemoryInfo",
  ]);
  const all = workerArguments(ASSIGNMENT, SANDBOX);
  assert(["--no-prompt", "--cached-only", "--ignore-env"].every((flag) => all.includes(flag)));
});

Deno.test("where the project lies does not lengthen a worker's command line, which ONNX Runtime cannot take at 30 kB", () => {
  const root = `/${"deep/".repeat(100)}project`;
  const code = Array.from({ length: 400 }, (_, i) => `${root}/pipeline/figures/drawing/${i}.ts`);
  const given = workerArguments(ASSIGNMENT, { ...SANDBOX, root, code }).find((one) =>
    /^--allow-read/.test(one)
  );
  assert(given!.length < 20_000, `${given!.length}`);
});

Deno.test("what a stage declares is allowed", () => {
  const given = allowed({
    net: ["example.org:443"],
    run: ["/bin/true"],
    read: ["/data/mine"],
    env: ["HOME"],
    ffi: true,
  });
  assert.match(given[0]!, /,\/data\/mine$/);
  assert.deepEqual(given.slice(2), [
    "--allow-net=example.org:443",
    "--allow-run=/bin/true",
    "--allow-env=HOME",
    "--allow-sys=cpus,systemMemoryInfo",
    "--allow-ffi",
  ]);
  assert.deepEqual(allowed({ run: ["deno"] })[2], `--allow-run=deno,${Deno.execPath()}`);
});

Deno.test("a comma in a path is told, since Deno would split the path there", () => {
  assert.throws(() => allowed({ read: ["/data/a,b"] }), {
    name: "UserError",
    message: "Cannot give a stage access to /data/a,b: its path has a comma",
  });
});

Deno.test("ten thousand inputs leave the arguments as short as the system takes them", () => {
  const names = Array.from({ length: 10_000 }, (_, i): [string, string] => [`make/${i}`, `/store/cas/${i}`]);
  const given = workerArguments({ ...ASSIGNMENT, inputs: Object.fromEntries(names) }, SANDBOX);
  assert(given.every((argument) => argument.length < 100_000));
  assert(given.some((argument) => /^--allow-read=.*,\/store\/cas,/.test(argument)));
});
