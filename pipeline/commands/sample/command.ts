import { UserError } from "../../base/errors.ts";
import { Planner } from "../../graph/plan.ts";
import { Store } from "../../store/store.ts";
import {
  absolute,
  type Arguments,
  badUsage,
  type Command,
  type Project,
  settingsOf,
  SPEC_OPTIONS,
  STORE_OPTION,
  storeFolder,
} from "../command.ts";
import { plural, reasonInWords } from "../words.ts";
import { loadWorkflows } from "../workflows.ts";

export const command: Command = {
  usage: "deno task sample SPEC --count N [OPTIONS]",
  summary:
    "Makes more from a trained model without training it again: MIDI files of music, PNG files of images.\n" +
    "The same seed gives the same files.",
  positionals: [1, 1],
  options: {
    count: { type: "string", value: "N", help: "How many. Default: 8" },
    class: {
      type: "string",
      value: "NAME",
      help: "From a class's region of latent space, not the whole prior.",
    },
    seed: { type: "string", value: "N", help: "Another seed makes others. Default: the spec's" },
    out: { type: "string", value: "DIR", help: "Where to. Default: reports/<name>/samples" },
    ...SPEC_OPTIONS,
    ...STORE_OPTION,
  },
  examples: [
    "deno task sample experiments/music-dense.json --count 8 --class ragtime",
    "deno task sample experiments/music-dense.json --seed 2 --set generation.density=1",
  ],
  execute: sample,
};

const MOST = 1000;

async function sample<Spec extends { readonly name: string; readonly seed?: number }>(
  values: Arguments,
  project: Project<Spec>,
): Promise<number> {
  const count = values.count("count", 1) ?? 8;
  if (count > MOST) throw badUsage(`Cannot make ${count} samples at once: at most ${MOST} are possible`);
  const [workflow] = await loadWorkflows(values, project);
  const { name, spec } = workflow!;
  using store = await Store.open(storeFolder(values, project.root));
  const planner = new Planner(await project.declarations(), store, project.root);
  const paths = new Map<string, string>();
  for (const planned of await planner.plan(workflow!)) {
    if (!project.sampledStages.includes(planned.stage)) continue;
    if (!planned.result) {
      throw new UserError(`Cannot sample from ${name}: it is not trained as the spec says`, {
        notes: [
          `Stage ${planned.stage} would run: ${reasonInWords(planned.reason)}.`,
          `Next: deno task run ${values.positionals[0]}`,
        ],
      });
    }
    for (const [path, { digest }] of Object.entries(planned.result.record.outputs)) {
      paths.set(`${planned.stage}/${path}`, store.blobPath(digest));
    }
  }
  const files = await project.sample({
    spec,
    settings: await settingsOf(values),
    input: (input) => paths.get(input)!,
    count,
    label: values.value("class"),
    seed: values.count("seed", 0) ?? spec.seed ?? 0,
  });
  const folder = absolute(values.value("out"), `${project.root}/reports/${name}/samples`);
  await Deno.mkdir(folder, { recursive: true });
  for (const { name, bytes } of files) await Deno.writeFile(`${folder}/${name}`, bytes);
  console.log(
    `${plural(files.length, "file")} in ${folder}: ${files[0]!.name}${files.length > 1 ? " ..." : ""}`,
  );
  await planner.code.save();
  await store.saveMemo();
  return 0;
}
