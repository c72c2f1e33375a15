import assert from "node:assert/strict";
import { ModuleAnalyser, type ModuleSource } from "../../pipeline/graph/module_source.ts";
import { sha256 } from "../../pipeline/store/sealed.ts";
import { temporaryFolder } from "../store/temporary.ts";

/** What an analyser says of texts, each as a file of its own. */
async function analyse(...texts: string[]): Promise<ModuleSource[]> {
  await using folder = await temporaryFolder();
  const analyser = new ModuleAnalyser(`${folder.path}/memo`, "1");
  const sources: ModuleSource[] = [];
  for (const [i, text] of texts.entries()) {
    const path = `${folder.path}/${i}.ts`;
    await Deno.writeTextFile(path, text);
    sources.push(await analyser.analyse(path, sha256(text)));
  }
  await analyser.save(`${folder.path}/aside`);
  return sources;
}

Deno.test("comments, types, formatting and quotes are no part of a module's digest", async () => {
  const [plain, dressed] = await analyse(
    `import { a } from "./a.ts"; export function f(x) { return a(x, 'one') + 1; }`,
    `/** Says a lot. */
     import { a } from './a.ts'; // why
     import type { T } from "./types.ts";
     interface Local<X> { x: X }
     export function f(x: Local<T>): number {
       return (a(x, "one")
         + 1);
     }`,
  );
  assert.equal(dressed!.digest, plain!.digest);
  assert.deepEqual(dressed!.imports, ["./a.ts"]);
});

Deno.test("a constant, an operator, a name or the order of statements is part of it", async () => {
  const sources = await analyse(
    "export const x = 1; f(); g();",
    "export const x = 2; f(); g();",
    "export const x = 1; g(); f();",
    "export const y = 1; f(); g();",
    "export const x = -1; f(); g();",
  );
  assert.equal(new Set(sources.map(({ digest }) => digest)).size, 5);
});

Deno.test("imports, re-exports, dynamic imports, workers and files beside the code are all seen", async () => {
  const [source] = await analyse(`
    import "./effect.ts";
    import def, { named } from "./named.ts";
    import * as all from "@scope/package/sub";
    export { one } from "./one.ts";
    export * from "./star.ts";
    import unusedButLoaded from "./unused.ts";
    import type { T } from "./only-types.ts";
    import { type U } from "./inline-type.ts";
    const lazy = await import("./lazy.ts"), late = await import(\`./late.ts\`);
    new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    const page = new URL('./page.html', import.meta.url), folder = new URL("./folder/", import.meta.url);
    // import("./comment.ts")
    def; named; all; lazy; late; page; folder;
  `);
  assert.deepEqual(source!.imports, [
    "./effect.ts",
    "./inline-type.ts", // Deno loads it all the same
    "./late.ts",
    "./lazy.ts",
    "./named.ts",
    "./one.ts",
    "./star.ts",
    "./unused.ts",
    "@scope/package/sub",
  ]);
  assert.deepEqual(source!.workers, ["./worker.ts"]);
  assert.deepEqual(source!.assets, ["./folder/", "./page.html"]);
});

Deno.test("what is known is not analysed again: the file itself need not be there", async () => {
  await using folder = await temporaryFolder();
  const text = "export const x = 1;";
  await Deno.writeTextFile(`${folder.path}/a.ts`, text);
  const first = new ModuleAnalyser(`${folder.path}/memo`, "1");
  const source = await first.analyse(`${folder.path}/a.ts`, sha256(text));
  await first.save(`${folder.path}/aside`);
  await Deno.remove(`${folder.path}/a.ts`);
  const second = new ModuleAnalyser(`${folder.path}/memo`, "1");
  assert.deepEqual(await second.analyse(`${folder.path}/a.ts`, sha256(text)), source);
  const newer = new ModuleAnalyser(`${folder.path}/memo`, "2");
  await assert.rejects(newer.analyse(`${folder.path}/a.ts`, sha256(text)), Deno.errors.NotFound);
});

Deno.test("a file that was edited after it was digested is not remembered as what it was", async () => {
  await using folder = await temporaryFolder();
  const analyser = new ModuleAnalyser(`${folder.path}/memo`, "1");
  const path = `${folder.path}/a.ts`;
  const digest = async (text: string, before = text) => {
    await Deno.writeTextFile(path, text);
    return (await analyser.analyse(path, sha256(before))).digest;
  };
  const edited = await digest("f(2);", "f(1);");
  const [first, second] = [await digest("f(1);"), await digest("f(2);")];
  await analyser.save(`${folder.path}/aside`);
  assert.equal(edited, second);
  assert.notEqual(edited, first);
});
