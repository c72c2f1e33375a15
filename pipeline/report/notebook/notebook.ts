import { createHash } from "node:crypto";
import { UserError } from "../../base/errors.ts";
import { renderNotebook } from "./page.ts";
import { type Notebook, programOf } from "./program.ts";
import type { Shown } from "./run.ts";

const RUN = new URL("./run.ts", import.meta.url);

/** A notebook that is to be executed. */
export interface NotebookRequest {
  readonly title: string;
  /** The `.ipynb` file. */
  readonly file: URL;
  /** The `deno.json` by whose names it imports. */
  readonly config: string;
  /** Code that runs after its cell with the tag `parameters`. */
  readonly given: string;
  /** What its results follow from, beside its own code. */
  readonly follows: string;
}

/**
 * Executes a notebook from top to bottom, and makes a page of it.
 *
 * @param before the page that there is
 * @returns the page; that before it where it was made from the same
 * @throws {UserError} where a cell fails
 */
export async function executedNotebook(
  { title, file, config, given, follows }: NotebookRequest,
  before: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const text = await Deno.readTextFile(file);
  const notebook: Notebook = JSON.parse(text);
  const helpers = await Deno.readTextFile(new URL("./notebook.ts", file));
  const madeFrom = createHash("sha256").update(JSON.stringify([text, helpers, given, follows])).digest("hex");
  if (before?.includes(`data-made-from="${madeFrom}"`)) return before;
  const folder = await Deno.makeTempDir({ prefix: "reparam-notebook-" });
  try {
    const [program, output] = [`${folder}/program.js`, `${folder}/output.json`];
    await Deno.writeTextFile(program, programOf(notebook, file, given));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--quiet",
        "--no-prompt",
        `--config=${config}`,
        RUN.href,
        `file://${program}`,
        output,
      ],
      env: { NO_COLOR: "1" },
      cwd: new URL(".", file),
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal,
    }).output();
    signal.throwIfAborted();
    if (code !== 0) {
      const [said] = new TextDecoder().decode(stderr).trim().split("\n");
      throw new UserError(`The notebook ${file.pathname} ends with an ${said}`, {
        notes: ["Next: run it by hand, as docs/notebooks.md says."],
      });
    }
    const shown: Shown = JSON.parse(await Deno.readTextFile(output));
    return await renderNotebook(title, notebook, shown, madeFrom);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
