import assert from "node:assert/strict";
import type { StageDeclaration } from "../../pipeline/graph/stage.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { sha256 } from "../../pipeline/store/sealed.ts";
import { Store } from "../../pipeline/store/store.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { toyDeclarations, type ToySpec } from "./toy_project.ts";
import { outputText, runToys } from "./toy_store.ts";

/** The toy stages, the first of which says what it writes: numbers, which begin with a 1. */
const declarations = toyDeclarations().map((declaration): StageDeclaration<ToySpec> =>
  declaration.name !== "make" ? declaration : {
    ...declaration,
    outputs: () => ({
      outputs: ["numbers.txt", "notes/readme.txt"].map((path) => ({
        path,
        mostBytes: 1e6,
        read: (bytes: Uint8Array) => {
          if (path === "numbers.txt" && bytes[0] !== 0x31) throw new Error("it does not begin with a 1");
        },
      })),
    }),
  }
);

Deno.test("a record that was written by hand and names another file is noticed by who is to read it, dropped, and made anew", async () => {
  await using folder = await temporaryFolder();
  const run = (modulus: number) => runToys(folder.path, [{ modulus }], { declarations });
  const first = await run(1000);
  {
    using store = await Store.open(folder.path);
    const record: ActionRecord = first.results.get("make")!.record;
    store.putText("a strange text", sha256("a strange text"));
    const output = { digest: sha256("a strange text"), size: "a strange text".length };
    store.putRecord({ ...record, outputs: { ...record.outputs, "numbers.txt": output } });
  }
  await assert.rejects(run(7), {
    message:
      "Cannot run stage sum: the store's record of stage make names a file that is no numbers.txt: it does not begin with a 1",
  });
  const healed = await run(7);
  assert.deepEqual(healed.executed.map((text) => text.split(":")[0]), ["make", "sum", "draw"]);
  assert.equal(await outputText(folder.path, healed, "draw", "index.html"), "==Sum: 3\n"); // 3 (15 mod 7)
});
