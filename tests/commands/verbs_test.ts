import assert from "node:assert/strict";
import { helpOf, overview } from "../../pipeline/commands/line/help.ts";
import { VERBS } from "../../pipeline/commands/verbs.ts";
import { ROOT } from "../graph/toy_project.ts";

Deno.test("every verb is a task of deno.json, and its words speak of it", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
  for (const [name, load] of Object.entries(VERBS)) {
    const { verb } = await load();
    // `deno task`, and a misspelt task, list the descriptions.
    assert.deepEqual(tasks[name], {
      description: verb.summary,
      command: `deno run -A pipeline/main.ts ${name}`,
    });
    assert(verb.usage.startsWith(`deno task ${name}`), verb.usage);
    assert.match(verb.summary, /^[A-Z][^\n]+\.$/, "a summary is one sentence on one line");
    assert(
      verb.examples.length > 0 && verb.examples.every((example) => example.startsWith(`deno task ${name}`)),
    );
  }
});

Deno.test("the list of verbs and the help of each tell the same summary", async () => {
  const list = await overview(VERBS);
  for (const [name, load] of Object.entries(VERBS)) {
    const { verb } = await load();
    assert.match(list, new RegExp(`^ {2}${name} +${RegExp.escape(verb.summary)}$`, "m"));
    assert.equal(helpOf(verb).split("\n")[2], verb.summary);
  }
});
