import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import { type Fence, fences } from "../support/markdown.ts";
import { projectCopy } from "../support/project_copy.ts";
import { hasPython, python } from "../support/python.ts";

const PAGE = Deno.readTextFileSync(join(ROOT, "docs/tutorial.md"));

/** Where the page's reader has the project. */
const READER = "/home/you/reparam";

Deno.test("the tutorial's files, commands, outputs and Python are as the page shows them", async (t) => {
  await using project = await projectCopy();
  const { path } = project;
  let output = "";
  const follow: Record<string, (fence: Fence) => void | Promise<void>> = {
    json({ lead, text }) {
      const [, file] = /`(experiments\/\S+\.json)`/.exec(lead)!;
      Deno.writeTextFileSync(join(path, file!), text);
    },
    async sh({ marks, text }) {
      output = await run(text, path, marks.includes("fails"));
    },
    text({ text }) {
      assertShown(text.replaceAll(READER, path), output);
    },
    python({ text }) {
      const { success, stderr } = python(["-c", text], path);
      assert.ok(success, new TextDecoder().decode(stderr));
    },
  };
  for (const fence of fences(PAGE)) {
    await t.step({
      name: `${fence.language}: ${fence.text.split("\n")[0]}`,
      ignore: fence.language === "python" && !hasPython("numpy", "onnxruntime"),
      fn: () => follow[fence.language]!(fence),
    });
  }
});

/** What a command prints: stdout, then stderr. */
async function run(command: string, cwd: string, fails: boolean): Promise<string> {
  const [program, ...args] = command.split(" ");
  assert.equal(program, "deno");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  assert.equal(success, !fails, text);
  return text;
}

/** The lines that a page shows are printed, in this order, but for what differs from run to run. */
function assertShown(shown: string, printed: string): void {
  const lines = printed.split("\n").map(steady);
  let at = 0;
  for (const line of shown.split("\n").map(steady)) {
    const found = lines.indexOf(line, at);
    assert.ok(found >= 0, `the page shows "${line}", and what is printed is\n${printed}`);
    at = found + 1;
  }
}

/** A line without moments, durations, digests and measured numbers. */
function steady(line: string): string {
  return line
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "MOMENT")
    .replaceAll(/(\d+ min )?\d+(\.\d+)? (s|ms)\b/g, "DURATION")
    .replaceAll(/\b[0-9a-f]{12}\b/g, "DIGEST")
    .replaceAll(/\d+\.\d+/g, "NUMBER");
}
