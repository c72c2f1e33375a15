import assert from "node:assert/strict";
import { formatUserError, UserError } from "../../pipeline/base/errors.ts";
import { loadCluster } from "../../pipeline/spec/cluster.ts";
import { temporaryFolder } from "../store/temporary.ts";

/** What is said of a cluster's file, without the folder that it is in. */
async function said(text: string | undefined): Promise<string> {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/cluster.json`;
  if (text !== undefined) await Deno.writeTextFile(file, text);
  try {
    await loadCluster(file, ["download", "train"]);
    return "";
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitStatus, 2);
    return formatUserError(error).replaceAll(`${folder.path}/`, "");
  }
}

Deno.test("a mistake in a cluster's file is told with its place and by the file's own name, and never as the spec's", async () => {
  const cases: Record<string, [string | undefined, RegExp]> = {
    "an unknown key": [
      '{ "partitoin": "main" }',
      /^cluster\.json:1:3: "partitoin" is not a key of cluster\.json\n {2}Did you mean "partition"\?/,
    ],
    "a key of a stage": [
      '{ "stages": { "train": { "tiem": "5" } } }',
      /^cluster\.json:1:26: "tiem" is not a key of stages\.train\n {2}Did you mean "time"\?/,
    ],
    "a stage that is none": [
      '{ "stages": { "trian": {} } }',
      /^cluster\.json:1:15: there is no stage trian\n {2}Did you mean train\?\n {2}The stages are download, train\./,
    ],
    "a value of another type": ['{ "cores": "two" }', /^cluster\.json:1:12: cores must be .*: it is "two"/],
    "no object": ["[]", /^cluster\.json:1:1: cluster\.json must be an object: it is an empty list/],
    "nothing": ["", /^cluster\.json:1:1: .*\n {2}It must hold an object/],
    "no JSON": ['{ "cores": 2', /^cluster\.json:1:13: /],
    "no file": [undefined, /^Cannot read the cluster's file cluster\.json: there is no such file$/],
  };
  for (const [what, [text, expected]] of Object.entries(cases)) {
    const words = await said(text);
    assert.match(words, expected, `${what}: ${words}`);
    assert.doesNotMatch(words, /\bspec\b/i, what);
  }
});
