import assert from "node:assert/strict";
import { displayWidth } from "../../pipeline/commands/session/progress_line.ts";
import { ROOT } from "../graph/toy_project.ts";
import { type TemporaryFolder, temporaryFolder } from "../store/temporary.ts";

/** `script` of util-linux gives a program a terminal. */
const ignore = !await new Deno.Command("script", { args: ["--version"] }).output()
  .then(({ stdout }) => new TextDecoder().decode(stdout).includes("util-linux"), () => false);

/** All that a toy run writes to a terminal. */
async function onTerminal(
  { path }: TemporaryFolder,
  columns: number,
  term: string,
  ...args: string[]
): Promise<string> {
  const { pathname } = new URL("./toy_main.ts", import.meta.url);
  const command = [Deno.execPath(), "run", "-A", `--config=${ROOT}/deno.json`, pathname, ...args].join(" ");
  const { stdout } = await new Deno.Command("script", {
    args: ["-qec", `stty cols ${columns}; ${command}`, "/dev/null"],
    cwd: path,
    env: { TERM: term, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

const SLOW = [
  "run",
  "toy.json",
  "--set",
  "count=30",
  "--set",
  "milliseconds=10",
  "--artifacts=artifacts",
  "--reports=reports",
];

async function folderWithSpec(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/toy.json`, '{ "name": "toy" }');
  return folder;
}

for (const columns of [40, 80, 200]) {
  Deno.test({
    name: `on a terminal of ${columns} columns what is drawn over fits on its line`,
    ignore,
    fn: async () => {
      await using folder = await folderWithSpec();
      const output = await onTerminal(folder, columns, "xterm", ...SLOW);
      // What stands between moving up and the next line break is drawn over again.
      const drawn = output.split("\x1b[0J").slice(1).flatMap((text) => text.split(/\r?\n/, 1)).filter((
        line,
      ) => line.includes("%"));
      assert(drawn.length > 3, output);
      for (const line of drawn) assert(displayWidth(line) < columns, `${displayWidth(line)}: ${line}`);
    },
  });
}

Deno.test({
  name: "a terminal that can do nothing but print gets no escapes",
  ignore,
  fn: async () => {
    await using folder = await folderWithSpec();
    const output = await onTerminal(folder, 80, "dumb", ...SLOW);
    assert.match(output, /^sum +done in /m);
    assert(!output.includes("\x1b"), JSON.stringify(output));
  },
});
