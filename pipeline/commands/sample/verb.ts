import { UserError } from "../../base/errors.ts";
import { whyUnreadable } from "../../base/unreadable.ts";
import { plural } from "../../base/words.ts";
import { Planner } from "../../graph/plan.ts";
import { type Arguments, badUsage } from "../line/arguments.ts";
import { folderOption, REPORTS_OPTION, reportsFolder, SPEC_OPTIONS, STORE_OPTION } from "../line/options.ts";
import type { Project } from "../line/project.ts";
import { writeTogether } from "./write_together.ts";
import type { Verb } from "../line/verb.ts";
import { reasonInWords } from "../session/reasons.ts";
import { noteUnreadable } from "../session/unreadable.ts";
import { CELL_OPTION, type LoadedWorkflow, loadWorkflowsAndCells } from "../session/workflows.ts";
import { openStore } from "../session/open_store.ts";

export const verb: Verb = {
  usage: "deno task sample SPEC|SWEEP --count N [OPTIONS]",
  summary: "Make more from a trained model: MIDI files of music, PNG files of images.",
  details: "The same seed gives the same files.",
  argument: "the file of a spec or sweep",
  positionals: [1, 1],
  options: {
    count: { type: "string", value: "N", help: "How many. Default: 8" },
    class: {
      type: "string",
      value: "NAME",
      help: "Of one class: told to a conditional model, else from its region of latent space.",
    },
    posterior: {
      type: "boolean",
      help: "From where training examples lie (the aggregate posterior), not from the prior.",
    },
    melody: {
      type: "string",
      value: "FILE",
      help: "Music by voices: write the lower voices under the melody of a MIDI file.",
    },
    seed: { type: "string", value: "N", help: "Another seed makes others. Default: the spec's" },
    out: { type: "string", value: "DIR", help: "Where to. Default: reports/<name>/samples" },
    ...CELL_OPTION,
    ...SPEC_OPTIONS,
    ...STORE_OPTION,
    ...REPORTS_OPTION,
  },
  examples: [
    "deno task sample experiments/music-dense.json --count 8 --class ragtime",
    "deno task sample experiments/music-dense.json --seed 2 --set generation.density=1",
    "deno task sample experiments/music-chorales.json --set generation.temperature=0.8 --set generation.topP=0.95",
    "deno task sample experiments/music-chorales.json --melody tune.mid --set generation.ranges=satb",
  ],
  execute: sample,
};

const MOST = 1000;
/** The stages whose outputs are a trained model and its data. */
const STAGES = ["preprocess", "train"];

async function sample(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<number> {
  const count = values.count("count", 1) ?? 8;
  if (count > MOST) throw badUsage(`Cannot make ${count} samples at once: at most ${MOST} are possible`);
  const chosen = (["class", "posterior", "melody"] as const).filter((option) => values.has(option));
  if (chosen.length > 1) {
    throw badUsage(
      `Cannot sample by --${chosen[0]} and --${chosen[1]} at once: each says where codes come from`,
    );
  }
  const melody = readMelodyFile(values.value("melody"));
  const workflow = await onlyWorkflow(values, project, signal);
  const { name, spec, settings, command } = workflow;
  const seed = values.count("seed", 0) ?? spec.seed;
  const folder = folderOption(
    values,
    "out",
    `${reportsFolder(values, project.root)}/${workflow.report}/samples`,
  );
  using store = await openStore(values, project, signal);
  const planner = new Planner(await project.declarations(), store, project.root);
  const paths = new Map<string, string>();
  const stages = await planner.plan(workflow);
  noteUnreadable(name, stages);
  for (const planned of stages) {
    if (!STAGES.includes(planned.stage)) continue;
    if (!planned.result) {
      throw new UserError(`Cannot sample from ${name}: it is not trained as the spec says`, {
        notes: [
          `Stage ${planned.stage} would run: ${reasonInWords(planned.reason)}.`,
          `Next: ${command}`,
        ],
      });
    }
    for (const [path, { digest }] of Object.entries(planned.result.record.outputs)) {
      if (!await store.holdsStill(digest)) throw damaged(`${planned.stage}/${path}`, command);
      paths.set(`${planned.stage}/${path}`, store.blobPath(digest));
    }
  }
  const { sample } = await import("./sample.ts");
  const files = await sample({
    spec,
    settings,
    input: (input) => paths.get(input)!,
    count,
    label: values.value("class"),
    posterior: values.has("posterior"),
    ...(melody ? { melody } : {}),
    seed,
  });
  using _lock = await store.lock("samples", () => {}, signal);
  await writeTogether(folder, files);
  console.log(
    `${plural(files.length, "file")} in ${folder}: ${files[0]!.name}${files.length > 1 ? " ..." : ""}`,
  );
  await planner.code.save();
  await store.saveMemo();
  return 0;
}

/** @throws {UserError} with exit status 2 where a sweep's cells are all meant */
async function onlyWorkflow(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<LoadedWorkflow> {
  const [first, ...others] = await loadWorkflowsAndCells(values, project, signal);
  if (others.length === 0) return first!;
  throw badUsage(
    `Cannot sample from ${values.positionals[0]}: a sweep has several models`,
    `Next: --cell NAME, one of ${
      [first!, ...others].map(({ report }) => report.slice(report.indexOf("/") + 1)).join(", ")
    }.`,
  );
}

function readMelodyFile(path: string | undefined): { file: string; bytes: Uint8Array } | undefined {
  if (path === undefined) return undefined;
  try {
    return { file: path, bytes: Deno.readFileSync(path) };
  } catch (error) {
    throw new UserError(`Cannot read the melody ${path}: ${whyUnreadable(error)}`, {
      cause: error,
      exitStatus: 2,
    });
  }
}

function damaged(file: string, command: string): UserError {
  return new UserError(`Cannot sample: ${file} is damaged in the store`, {
    notes: [`Next: deno task doctor, then ${command}`],
  });
}
