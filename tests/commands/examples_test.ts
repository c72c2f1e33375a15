import assert from "node:assert/strict";
import { parseArguments } from "../../pipeline/commands/line/parse.ts";
import { VERBS } from "../../pipeline/commands/verbs.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { here } from "./here.ts";

/** `paper` has no dry run, and `serve` no end; what the others say of an empty store is no mistake of the command line. */
const NEVER_EXECUTED = ["paper", "serve"];
/** Stands for a folder or a file that a reader of the help has, and a checkout does not. */
const READERS_OWN = /\.\.\/(other-checkout|lute-files)|reports\/|^tune\.mid$/;

Deno.test("the examples of every verb's help are understood, and name specs and values that there are", async () => {
  await using folder = await temporaryFolder();
  for (const [name, load] of Object.entries(VERBS)) {
    const { verb } = await load();
    for (const example of verb.examples) {
      const [deno, task, called, ...args] = example.split(" ");
      assert.deepEqual([deno, task, called], ["deno", "task", name]);
      await parseArguments(name, verb, args);
      if (NEVER_EXECUTED.includes(name) || args.some((path) => READERS_OWN.test(path))) continue;
      const { options } = verb;
      const { code, stderr } = await here([
        name,
        ...args,
        ...("dry-run" in options ? ["--dry-run"] : []),
        ...("artifacts" in options ? ["--artifacts", `${folder.path}/artifacts`] : []),
        ...("reports" in options ? ["--reports", `${folder.path}/reports`] : []),
      ]);
      // 2 is bad usage or a bad spec; 1 that nothing was run yet, or that doctor found something.
      assert(
        code === 0 || code === 1 && /Run it first|it is not trained|no results yet/.test(stderr),
        `${example}: ${stderr}`,
      );
    }
  }
});
