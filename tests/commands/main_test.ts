import assert from "node:assert/strict";
import { main } from "../../pipeline/commands/main.ts";
import { REPARAM } from "../../pipeline/commands/line/project.ts";
import type { Verb } from "../../pipeline/commands/line/verb.ts";

/** Runs a verb that fails, and returns the exit status with what is said. */
async function failing(error: Error): Promise<[status: number, said: string]> {
  const verb: Verb = {
    usage: "",
    summary: "",
    positionals: [0, 0],
    options: {},
    examples: [""],
    execute: () => Promise.reject(error),
  };
  const said: unknown[] = [];
  const { error: original } = console;
  console.error = (...words: unknown[]) => void said.push(...words);
  try {
    const status = await main(["fail"], REPARAM, { fail: () => Promise.resolve({ verb }) });
    return [status, said.join("\n")];
  } finally {
    console.error = original;
  }
}

Deno.test("a full disk behind a redirected output, and a folder in a file's place, are no defects of Reparam", async () => {
  const full = Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
  const [status, said] = await failing(full);
  assert.equal(status, 1);
  assert.match(
    said,
    /^error: Cannot go on: the disk is full\n {2}Nothing that was stored before is harmed\./,
  );

  const folder = Object.assign(new Error("Is a directory: rename 'a' -> 'cas/b'"), { code: "EISDIR" });
  assert.deepEqual(await failing(folder), [
    1,
    "error: Cannot go on: a folder is where a file must be\n" +
    "  Is a directory: rename 'a' -> 'cas/b'\n" +
    "  Next: move it away; in the store `deno task doctor` removes it.",
  ]);
});

Deno.test("an error that nobody foresaw is told as a defect, with its trace", async () => {
  const [status, said] = await failing(new TypeError("x is not a function"));
  assert.equal(status, 1);
  assert.match(said, /^This is a defect of Reparam, .*\n.*TypeError: x is not a function/);
});
