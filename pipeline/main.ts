import { fileURLToPath } from "node:url";
import { badUsage, type Command, helpOf, parseArguments, type Project } from "./commands/command.ts";
import { formatUserError, UserError } from "./base/errors.ts";
import type { Paper } from "./report/paper/parts.ts";
import type { Experiment } from "./spec/schema.ts";

/** Each verb's module is loaded when it is called for: a run that finds everything cached takes a blink. */
const VERBS: Readonly<
  Record<string, { readonly summary: string; load(): Promise<{ readonly command: Command }> }>
> = {
  run: {
    summary: "Take specs to their reports; what is known already is not done again.",
    load: () => import("./commands/run.ts"),
  },
  sweep: {
    summary: "Run all cells of a sweep and compare them.",
    load: () => import("./commands/sweep.ts"),
  },
  compare: {
    summary: "Compare reports, specs or sweeps.",
    load: () => import("./commands/compare.ts"),
  },
  paper: {
    summary: "Make the paper's figures again, with its numbers beside ours.",
    load: () => import("./commands/paper.ts"),
  },
  sample: {
    summary: "Make more from a trained model: MIDI files or pictures.",
    load: () => import("./commands/sample/command.ts"),
  },
  why: {
    summary: "Say why a stage ran, or would run.",
    load: () => import("./commands/why.ts"),
  },
  verify: {
    summary: "Execute every stage again and compare the bytes.",
    load: () => import("./commands/verify.ts"),
  },
  doctor: {
    summary: "Find damage in the store, and heal it.",
    load: () => import("./commands/doctor.ts"),
  },
  gc: {
    summary: "Free disk space.",
    load: () => import("./commands/gc.ts"),
  },
};

function help(): string {
  const width = Math.max(...Object.keys(VERBS).map((name) => name.length)) + 2;
  return [
    "Reparam: reproducible VAE experiments, from a spec to a report.",
    "",
    "Usage: deno task VERB [ARGUMENTS]",
    "",
    ...Object.entries(VERBS).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`),
    "",
    "`deno task VERB --help` says more about each. Example: deno task run experiments/quick.json",
    "",
  ].join("\n");
}

/**
 * Runs one command line and returns the exit status: 0 done, 1 a stage failed, 2 bad usage or a bad spec,
 * 130 interrupted.
 */
export async function main<Spec extends { readonly name: string }>(
  args: readonly string[],
  project: Project<Spec>,
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => {
    if (interruption.signal.aborted) Deno.exit(130); // the second time: at once
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
    return await dispatch(args, project, interruption.signal);
  } catch (error) {
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

async function dispatch<Spec extends { readonly name: string }>(
  args: readonly string[],
  project: Project<Spec>,
  signal: AbortSignal,
): Promise<number> {
  const asksHelp = (arg: string | undefined) => arg === "--help" || arg === "-h";
  const rest = args[0] === "help" ? [...args.slice(1), "--help"] : args;
  const [verb, ...others] = rest;
  if (verb === undefined || asksHelp(verb)) {
    console.log(help());
    return verb === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(VERBS, verb)) {
    const { nearest } = await import("./base/nearest.ts");
    const near = nearest(verb, Object.keys(VERBS));
    throw badUsage(
      `There is no verb ${verb}`,
      ...(near ? [`Did you mean ${near}?`] : []),
      `The verbs are ${Object.keys(VERBS).join(", ")}, help.`,
    );
  }
  const { command } = await VERBS[verb]!.load();
  if (others.some(asksHelp)) {
    console.log(helpOf(command));
    return 0;
  }
  return await command.execute(await parseArguments(verb, command, others), project, signal);
}

const reparam: Project<Experiment> = {
  root: fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, ""),
  reportStage: "report",
  sampledStages: ["preprocess", "train"],
  sample: async (request) => (await import("./commands/sample/sample.ts")).sample(request),
  declarations: async () => (await import("./stages/declarations.ts")).DECLARATIONS,
  load: async (path, overrides) => {
    const { loadExperiment } = await import("./spec/load.ts");
    return await loadExperiment(path, overrides);
  },
  isSweep: async (path) => {
    const { isSweep, readSpecFile } = await import("./spec/load.ts");
    return isSweep((await readSpecFile(path)).value);
  },
  loadSweep: async (path, overrides) => {
    const { loadSweep } = await import("./spec/sweep.ts");
    return await loadSweep(path, overrides);
  },
  pathInReport: async (output) => {
    const { pathInBundle } = await import("./artifacts/artifacts.ts");
    return pathInBundle(output);
  },
  compare: async (comparison) => {
    const { renderComparison } = await import("./report/compare/comparison.ts");
    const { KIND_MEASURES } = await import("./kinds/measures.ts");
    return await renderComparison(comparison, Object.values(KIND_MEASURES).flat());
  },
  paper: async () => {
    const { LUTE_ROLES, PAPER_SPECS, STAND_IN } = await import("./report/paper/parts.ts");
    return {
      parts: PAPER_SPECS,
      folder: fileURLToPath(new URL("../experiments/paper", import.meta.url)),
      luteParts: LUTE_ROLES,
      standIn: STAND_IN.overrides,
      render: async ({ runs, standIn }) => {
        const { renderPaper } = await import("./report/paper/paper.ts");
        return await renderPaper({ runs: runs as Paper["runs"], standIn });
      },
    };
  },
};

// What a library left open must not keep the process alive.
if (import.meta.main) Deno.exit(await main(Deno.args, reparam));
