import { formatUserError, UserError } from "../base/errors.ts";
import { explainDiskError } from "../store/disk.ts";
import { badUsage } from "./line/arguments.ts";
import { helpOf, overview, versionOf } from "./line/help.ts";
import { parseArguments } from "./line/parse.ts";
import { type Project, REPARAM } from "./line/project.ts";
import type { VerbTable } from "./line/verb.ts";
import { VERBS } from "./verbs.ts";

/** One press of Ctrl-C can come twice: from the terminal, and from `npx` or `deno task`, which pass it on. */
const ONE_PRESS_MS = 1000;

/**
 * Runs one command line and returns the exit status: 0 done, 1 a stage failed, 2 bad usage or a bad spec,
 * 130 interrupted.
 */
export async function main(
  args: readonly string[],
  project: Project = REPARAM,
  verbs: VerbTable = VERBS,
): Promise<number> {
  const interruption = new AbortController();
  let pressed = Infinity;
  const interrupt = () => {
    if (performance.now() - pressed > ONE_PRESS_MS) Deno.exit(130); // the second time: at once
    if (interruption.signal.aborted) return;
    pressed = performance.now();
    interruption.abort(
      new UserError("Interrupted", {
        notes: ["What is finished is kept: the next run goes on from there."],
        exitStatus: 130,
      }),
    );
  };
  const signals: Deno.Signal[] = ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    return await dispatch(args, project, verbs, interruption.signal);
  } catch (thrown) {
    const error = fromSystem(thrown);
    if (error instanceof UserError) {
      console.error(`error: ${formatUserError(error)}`);
      if (args.includes("--json")) {
        const { message, place, notes, exitStatus } = error;
        console.log(JSON.stringify({ type: "error", message, place, notes, exitStatus }));
      }
      return error.exitStatus;
    }
    console.error("This is a defect of Reparam, not of your spec. Please report it with what follows.");
    console.error(error);
    return 1;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}

/** What is no defect although nobody foresaw where it would happen: the text for a full disk, a store tampered with. */
function fromSystem(error: unknown): unknown {
  switch ((error as { code?: unknown } | null)?.code) {
    case "ENOSPC":
      return explainDiskError(error, "Cannot go on");
    case "EISDIR":
      return new UserError("Cannot go on: a folder is where a file must be", {
        notes: [(error as Error).message, "Next: move it away; in the store `deno task doctor` removes it."],
        cause: error,
      });
    default:
      return error;
  }
}

async function dispatch(
  args: readonly string[],
  project: Project,
  verbs: VerbTable,
  signal: AbortSignal,
): Promise<number> {
  const asksHelp = (arg: string | undefined) => arg === "--help" || arg === "-h";
  if (args.includes("--version") || args[0] === "-V") {
    console.log(versionOf(project.root));
    return 0;
  }
  const rest = args[0] === "help" ? [...args.slice(1), "--help"] : args;
  const [name, ...others] = rest;
  if (name === undefined || asksHelp(name)) {
    console.log(await overview(verbs));
    return name === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(verbs, name)) {
    const { nearest } = await import("../base/nearest.ts");
    const near = nearest(name, Object.keys(verbs));
    throw badUsage(
      `There is no verb ${name}`,
      ...(near ? [`Did you mean ${near}?`] : []),
      `The verbs are ${Object.keys(verbs).join(", ")}, help.`,
    );
  }
  const { verb } = await verbs[name]!();
  if (others.some(asksHelp)) {
    console.log(helpOf(verb));
    return 0;
  }
  return await verb.execute(await parseArguments(name, verb, others), project, signal);
}

/** Runs the command line of this process. Never comes back: what a library left open must not keep it alive. */
export async function runAsProgram(): Promise<never> {
  returnToUser(REPARAM);
  Deno.exit(await main(Deno.args));
}

/** `deno task` works in the project's folder; the paths of a command line are meant from where its user stands. */
function returnToUser({ root }: Project): void {
  const folder = Deno.env.get("INIT_CWD");
  if (folder === undefined || Deno.cwd() !== root) return;
  try {
    Deno.chdir(folder);
  } catch {
    // The folder is gone, or may not be entered: the project's folder is as good as any.
  }
}
