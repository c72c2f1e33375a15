import assert from "node:assert/strict";
import { failureMessage } from "../../../pipeline/graph/worker/context.ts";
import { UserError } from "../../../pipeline/base/errors.ts";
import { encodeMessage, type Message } from "../../../pipeline/graph/worker/protocol.ts";
import { Transcript, type WorkerStatus } from "../../../pipeline/graph/worker/transcript.ts";
import { temporaryFolder } from "../../store/temporary.ts";

const SUCCESS: WorkerStatus = { code: 0, signal: null };
const DONE = {
  type: "done",
  started: "2026-01-01T00:00:00.000Z",
  seconds: 2,
  machine: { cores: 2 },
} as const;

/** What a worker that says something comes to. @param said messages, and lines of stderr */
async function outcomeOf(said: readonly (Message | string)[], status = SUCCESS) {
  await using folder = await temporaryFolder();
  const told: string[] = [];
  const transcript = new Transcript({
    stage: "sort",
    module: "src/sort.ts",
    logPath: `${folder.path}/log`,
    onProgress: ({ text }) => told.push(text),
    onNotice: (message) => told.push(`note: ${message}`),
  });
  for (const line of said) {
    if (typeof line === "string") transcript.addLog(line);
    else transcript.addLine(encodeMessage(line).trim());
  }
  const outcome = await transcript.end(status).catch((error: unknown) => error);
  const log = await Deno.readTextFile(`${folder.path}/log`).catch(() => undefined);
  return { told, outcome, log };
}

Deno.test("a worker that is done comes to its facts, and what it said on the way is passed on in order", async () => {
  const { told, outcome, log } = await outcomeOf([
    { type: "notice", message: "resumed" },
    { type: "progress", event: { fraction: 0.5, text: "half" } },
    { type: "record", name: "passes", value: 3 },
    { type: "record", name: "passes", value: 4 },
    "a warning of a library",
    DONE,
  ]);
  assert.deepEqual(told, ["note: resumed", "half"]);
  const { type: _, ...facts } = DONE;
  assert.deepEqual(outcome, { ...facts, recorded: { passes: 4 }, notices: ["resumed"] });
  assert.equal(log, undefined);
});

Deno.test("a user's error is passed on with its place, a forbidden access names the module that is to declare it", async () => {
  const place = { file: "list.txt", line: 3, column: 1 };
  const { outcome: told } = await outcomeOf([{
    type: "user-error",
    message: "Not sorted",
    place,
    notes: ["Sort it."],
  }]);
  assert(told instanceof UserError);
  assert.deepEqual([told.message, told.place, told.notes], ["Not sorted", place, ["Sort it."]]);
  const { outcome: undeclared } = await outcomeOf([{
    type: "undeclared",
    access: "net",
    target: '"example.org"',
    place: undefined,
  }]);
  assert(undeclared instanceof UserError);
  assert.match(
    undeclared.message,
    /^Stage sort asked for net access to "example\.org", which it does not declare$/,
  );
  assert.match(undeclared.notes.join(" "), /declaration of src\/sort\.ts/);
});

Deno.test("a forbidden access of a user's module has its place there, and advises nothing about declarations", async () => {
  const place = { file: "/home/me/model.ts", line: 7, column: 21 };
  const thrown = new Error(
    'Cannot build the model: Requires read access to "/etc/hostname", run again with -A',
  );
  thrown.stack =
    "Error\n at readTextFileSync (ext:deno_fs)\n at createEncoder (file:///home/me/model.ts:7:21)";
  const { outcome } = await outcomeOf([failureMessage(thrown, ["file:///home/me/model.ts"])]);
  assert(outcome instanceof UserError);
  assert.equal(
    outcome.message,
    'The module asked for read access to "/etc/hostname", which it does not have',
  );
  assert.deepEqual(outcome.place, place);
  assert.doesNotMatch(outcome.notes.join(" "), /declaration/);
});

Deno.test("a defect is told in a line, and its trace is kept with what was printed", async () => {
  const { outcome, log } = await outcomeOf(["printed", {
    type: "defect",
    message: "off by one",
    stack: "at sort",
  }], {
    code: 1,
    signal: null,
  });
  assert.equal((outcome as UserError).message, "Stage sort failed: off by one");
  assert.equal(log, "at sort\n\nprinted\n");
});

Deno.test("a worker that ends without a word, or dies after its last, has failed", async () => {
  const silent = await outcomeOf(["first", "", "second", "third"], { code: 7, signal: null });
  assert(silent.outcome instanceof UserError);
  assert.equal(silent.outcome.message, "Stage sort failed: its worker ended with status 7 without a word");
  assert.deepEqual(silent.outcome.notes.slice(0, 2), ["first", "second"]);
  const killed = await outcomeOf([DONE], { code: 137, signal: "SIGKILL" });
  assert(killed.outcome instanceof UserError);
  assert.match(killed.outcome.message, /its worker was killed by SIGKILL$/);
  assert.match(killed.outcome.notes.join(" "), /where memory runs out/);
});
