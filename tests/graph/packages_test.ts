import assert from "node:assert/strict";
import { Packages } from "../../pipeline/graph/packages.ts";
import { ROOT } from "./toy_project.ts";

const packages = new Packages(
  { imports: { plot: "npm:plot@^2.0.0", "@scope/tool": "npm:@scope/tool@1.0.0", "@/": "./pipeline/" } },
  {
    specifiers: { "npm:plot@^2.0.0": "2.3.4_peer@1.0.0", "npm:@scope/tool@1.0.0": "1.0.0" },
    npm: {
      "plot@2.3.4_peer@1.0.0": { dependencies: ["array", "peer"] },
      "peer@1.0.0": {},
      "array@3.0.0": { dependencies: ["deep@1.0.0"] },
      "deep@1.0.0": { dependencies: ["array"] }, // a cycle
      "deep@2.0.0": {},
      "@scope/tool@1.0.0": { dependencies: ["deep@2.0.0"], optionalDependencies: ["native"] },
      "native@0.1.0": {},
      "unrelated@1.0.0": {},
    },
  },
);

Deno.test("a package stands for all that it depends on, in the versions of the lock file", () => {
  assert.deepEqual(Packages.versions(packages.closure(packages.resolve("plot")!)), {
    array: "3.0.0",
    deep: "1.0.0",
    peer: "1.0.0",
    plot: "2.3.4",
  });
  const both = [
    ...packages.closure(packages.resolve("plot/sub.js")!),
    ...packages.closure("npm:@scope/tool@1.0.0/x"),
  ];
  assert.deepEqual(Packages.versions(both), {
    "@scope/tool": "1.0.0",
    array: "3.0.0",
    deep: "1.0.0, 2.0.0",
    native: "0.1.0",
    peer: "1.0.0",
    plot: "2.3.4",
  });
});

Deno.test("an import is a package, a path of the import map, or nothing that it knows", () => {
  assert.equal(packages.resolve("@scope/tool/lib/x.js"), "npm:@scope/tool@1.0.0/lib/x.js");
  assert.equal(packages.resolve("@/base/errors.ts"), "./pipeline/base/errors.ts");
  assert.equal(packages.resolve("./a.ts"), undefined);
  assert.equal(packages.resolve("node:fs"), undefined);
});

Deno.test("in this project, tfjs stands for its core and d3 for its shapes, in the installed versions", async () => {
  const read = async (name: string) => JSON.parse(await Deno.readTextFile(`${ROOT}/${name}`));
  const own = new Packages(await read("deno.json"), await read("deno.lock"));
  for (
    const [specifier, dependency] of [["@tensorflow/tfjs", "@tensorflow/tfjs-core"], [
      "d3",
      "d3-shape",
    ]] as const
  ) {
    const versions = Packages.versions(own.closure(own.resolve(specifier)!));
    const folder = [...Deno.readDirSync(`${ROOT}/node_modules/.deno`)].map(({ name }) => name)
      .find((name) => name.startsWith(`${dependency.replace("/", "+")}@`))!;
    const installed = await read(`node_modules/.deno/${folder}/node_modules/${dependency}/package.json`);
    assert.equal(versions[dependency], installed.version);
  }
});
