import assert from "node:assert/strict";
import { runToys } from "../toy_store.ts";
import { outputText } from "../toy_store.ts";
import { ROOT } from "../toy_project.ts";
import { temporaryFolder } from "../../store/temporary.ts";

/** What a stage may ask by accident, and an answer that says nothing of where and when it runs. */
const QUESTIONS: Readonly<Record<string, string | RegExp>> = {
  "typeof localStorage": '"undefined"',
  "typeof sessionStorage": '"undefined"',
  "typeof caches": '"undefined"',
  "Deno.openKv()": "Error: Stage curious asks for Deno.openKv, which is not in its key",
  "Deno.hostname()": "Error: Stage curious asks for Deno.hostname, which is not in its key",
  "Deno.cwd()": "Error: Stage curious asks for Deno.cwd, which is not in its key",
  "Deno.pid": "0",
  "Date.now()": "946684800000",
  "new Date()": '"2000-01-01T00:00:00.000Z"',
  "Date()": '"Sat Jan 01 2000 00:00:00 GMT+0000 (Coordinated Universal Time)"',
  "new Date(5).constructor.now()": "946684800000",
  "new (class extends Date {})().getTime()": "946684800000",
  "new Date(2026, 1, 2) instanceof Date": "true",
  "new Date(2026, 1, 2).getTime()": "1769990400000",
  "performance.timeOrigin": "946684800000",
  "typeof Temporal === 'undefined' || Temporal.Now === undefined": "true",
  "navigator.hardwareConcurrency": /^[12]$/,
  "[Math.random(), Math.random()]": "",
  "Array.from(crypto.getRandomValues(new Uint8Array(8)))": "",
  "crypto.randomUUID()": /^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"$/,
  "Deno.writeTextFile(file, 'x').then(() => Deno.stat(file)).then((s) => [s.size, s.mtime, s.ctime, s.ino])":
    "[1,null,null,null]",
  "Deno.lstatSync(file).birthtime": "null",
  "Deno.openSync(file).statSync().mtime": "null",
  "Deno.open(file).then((f) => f.stat()).then((s) => s.atime)": "null",
  "Deno.env.get('HOME')": "undefined",
  "new Date(2000, 6, 1).getTimezoneOffset()": "0",
  "Deno.osRelease()": /^NotCapable/,
  "Deno.networkInterfaces()": /^NotCapable/,
  "Deno.readTextFileSync('/etc/hostname')": /^NotCapable/,
  // A package that is in no module of the stage.
  [`Deno.readTextFileSync("${ROOT}/node_modules/zod/package.json")`]: /^NotCapable/,
};

Deno.test("what is in no key answers alike in every process, or says that it is not to be asked", async () => {
  const declarations = [{
    name: "curious",
    module: new URL("../toy_stages/curious.ts", import.meta.url),
    slice: () => ({ expressions: Object.keys(QUESTIONS) }),
    inputs: () => [],
    permissions: () => ({}),
  }];
  const ask = async () => {
    await using folder = await temporaryFolder();
    const run = await runToys(folder.path, [{}], { declarations });
    const { started, seconds } = run.results.get("curious")!.record;
    assert(Math.abs(Date.parse(started) - Date.now()) < 60_000, "the record knows the true time");
    assert(seconds > 0);
    return (await outputText(folder.path, run, "curious", "answers.txt")).split("\n");
  };
  const [first, second] = [await ask(), await ask()];
  assert.deepEqual(first, second);
  for (const [i, [question, expected]] of Object.entries(QUESTIONS).entries()) {
    if (expected instanceof RegExp) assert.match(first[i]!, expected, question);
    else if (expected !== "") assert.equal(first[i], expected, question);
  }
  const numbers: number[] = JSON.parse(
    first[Object.keys(QUESTIONS).indexOf("[Math.random(), Math.random()]")]!,
  );
  assert(numbers[0] !== numbers[1] && numbers.every((x) => x >= 0 && x < 1));
});
