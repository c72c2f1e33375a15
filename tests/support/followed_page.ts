import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { type Fence, fences } from "./markdown.ts";
import { hasPython, python } from "./python.ts";

/** Where a page's reader has the project. */
const READER = "/home/you/reparam";

/**
 * Does what a page of the documents says, block by block and in its order, each as a step of a test:
 *
 * - `json`, `ts`: saves the file that the paragraph before it names in backticks;
 * - `diff`: adds lines to that file;
 * - `sh`: runs a command, which fails where the block is marked `fails`;
 * - `text`: holds what the last command printed to what the page shows;
 * - `python`: runs it.
 *
 * @param project folder of a copy of the project
 * @param env variables of the commands
 */
export async function followPage(
  page: string,
  project: string,
  t: Deno.TestContext,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  let output = "";
  const follow: Record<string, (fence: Fence) => void | Promise<void>> = {
    json: (fence) => save(project, fence),
    ts: (fence) => save(project, fence),
    diff({ lead, text }) {
      const file = join(project, fileIn(lead));
      Deno.writeTextFileSync(file, withAdditions(Deno.readTextFileSync(file), text));
    },
    async sh({ marks, text }) {
      output = await run(text, project, marks.includes("fails"), env);
    },
    text({ text }) {
      assertShown(text.replaceAll(READER, project), output);
    },
    python({ text }) {
      const { success, stderr } = python(["-c", text], project);
      assert.ok(success, new TextDecoder().decode(stderr));
    },
  };
  for (const fence of fences(page)) {
    await t.step({
      name: `${fence.language}: ${fence.text.split("\n")[0]}`,
      ignore: fence.language === "python" && !hasPython("numpy", "onnxruntime"),
      fn: () => follow[fence.language]!(fence),
    });
  }
}

/** The last file that a paragraph names in backticks. */
function fileIn(lead: string): string {
  const named = Array.from(lead.matchAll(/`([\w./-]+\.(?:json|ts))`/g), ([, file]) => file!);
  assert.ok(named.length > 0, `no file is named in "${lead}"`);
  return named.at(-1)!;
}

function save(project: string, { lead, text }: Fence): void {
  const file = join(project, fileIn(lead));
  Deno.mkdirSync(dirname(file), { recursive: true });
  Deno.writeTextFileSync(file, `${text}\n`);
}

/** Lines with a `+` come after the line before them, which is in the file as it stands; the first ones at its top. */
function withAdditions(file: string, diff: string): string {
  const lines = file.split("\n");
  let at = 0;
  for (const [mark, line] of diff.split("\n").map((line) => [line[0], line.slice(1)] as const)) {
    if (mark === "+") lines.splice(at++, 0, line);
    else {
      const found = lines.indexOf(line, at);
      assert.ok(found >= 0, `there is no line "${line}"`);
      at = found + 1;
    }
  }
  return lines.join("\n");
}

/** What a command prints: stdout, then stderr. */
async function run(
  command: string,
  cwd: string,
  fails: boolean,
  more: Readonly<Record<string, string>>,
): Promise<string> {
  const [program, ...args] = command.split(" ");
  assert.equal(program, "deno");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    // The tests may run as a task themselves: its folder is not the one where this command is typed.
    env: { NO_COLOR: "1", INIT_CWD: cwd, ...more },
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
