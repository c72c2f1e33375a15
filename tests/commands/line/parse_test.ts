import assert from "node:assert/strict";
import { UserError } from "../../../pipeline/base/errors.ts";
import { parseArguments } from "../../../pipeline/commands/line/parse.ts";
import type { Verb } from "../../../pipeline/commands/line/verb.ts";

const VERB: Verb = {
  usage: "deno task sort FILE [OPTIONS]",
  summary: "Sort a file.",
  argument: "the file to sort",
  positionals: [1, 2],
  options: {
    set: { type: "string", multiple: true, value: "a=b", help: "" },
    order: { type: "string", value: "NAME", allowed: ["up", "down"], help: "" },
    jobs: { type: "string", value: "N", help: "" },
    json: { type: "boolean", help: "" },
  },
  examples: ["deno task sort words.txt"],
  execute: () => Promise.resolve(0),
};

async function refusal(...args: string[]): Promise<string> {
  const error = await parseArguments("sort", VERB, args).catch((error) => error);
  assert(error instanceof UserError && error.exitStatus === 2, args.join(" "));
  return [error.message, ...error.notes].join(" | ");
}

Deno.test("options stand before, between and after what they are about, with = or without", async () => {
  const given = await parseArguments("sort", VERB, [
    "--json",
    "a",
    "--set",
    "x=1",
    "b",
    "--set=y=2",
    "--order=up",
  ]);
  assert.deepEqual(given.positionals, ["a", "b"]);
  assert.deepEqual(given.values("set"), ["x=1", "y=2"]);
  assert.deepEqual([given.value("set"), given.value("order"), given.value("jobs")], ["y=2", "up", undefined]);
  assert.deepEqual([given.has("json"), given.has("jobs")], [true, false]);
  assert.deepEqual((await parseArguments("sort", VERB, ["--", "--json"])).positionals, ["--json"]);
});

Deno.test("a value that begins like an option is taken where it is joined with =", async () => {
  assert.equal(
    await refusal("a", "--set", "--json"),
    "Cannot sort: --set needs a value | For example --set a=b",
  );
  assert.equal((await parseArguments("sort", VERB, ["a", "--set=--json"])).value("set"), "--json");
});

Deno.test("what is wrong is said with what is allowed and what is near", async () => {
  assert.match(
    await refusal("a", "--jsn"),
    /no option --jsn \| Did you mean --json\? \| `deno task sort --help`/,
  );
  assert.match(await refusal("a", "--json=yes"), /--json takes no value/);
  assert.match(
    await refusal("a", "--order", "sideways"),
    /--order sideways is not known \| Allowed: up, down/,
  );
  assert.match(
    await refusal(),
    /the file to sort is missing \| Usage: deno task sort FILE .*\| Example: deno task sort words.txt/,
  );
  assert.match(await refusal("a", "b", "c"), /c is one too many/);
  assert.match(await refusal("a", "--constructor"), /no option --constructor/);
  assert.match(await refusal("a", "--sett", "b=1"), /no option --sett \| Did you mean --set\? \| `deno task/);
});

Deno.test("a count is a whole number that is not too small", async () => {
  const count = async (text: string) =>
    (await parseArguments("sort", VERB, ["a", `--jobs=${text}`])).count("jobs", 1);
  assert.equal(await count("12"), 12);
  for (const text of ["0", "-1", "1.5", "1e3", "many", "9".repeat(20)]) {
    await assert.rejects(count(text), {
      message: `Cannot use --jobs ${text}: it must be a whole number of at least 1`,
    });
  }
});
