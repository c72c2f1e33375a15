import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { printable } from "../base/printable.ts";
import { inKey } from "../base/own_module.ts";
import { BACKEND_NAMES, type BackendName, DEFAULT_BACKEND, usableBackend } from "../engine/backends.ts";
import { LocalExecutor, localSlots } from "../graph/executors/local.ts";
import { Runner } from "../graph/runner.ts";
import { type LoadedExperiment, loadExperiment, parseExperiment } from "../spec/load.ts";
import { DECLARATIONS } from "../stages/declarations.ts";
import { namesModules, withModules } from "../stages/own_modules.ts";
import { checkSources } from "../stages/sources.ts";
import { publish } from "../store/publish.ts";
import { Store } from "../store/store.ts";
import type { ExperimentOptions, FinishedRun, LoadedSpec, RunOptions } from "./contract.ts";
import { finishedRun } from "./finished.ts";

/** The folder of the project's `deno.json`. */
const PROJECT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Reads an experiment of a program's (`experiment`). */
export async function loadForProgram(
  given: string | URL | object,
  options: ExperimentOptions,
): Promise<LoadedSpec> {
  const file = given instanceof URL ? fileURLToPath(given) : typeof given === "string" ? given : undefined;
  const root = resolve(options.root ?? (file === undefined ? "." : dirname(file)));
  const settings = Object.entries(options.set ?? {}).map(([path, value]) =>
    `${path}=${JSON.stringify(value)}`
  );
  const loaded = file === undefined
    ? parseExperiment(JSON.stringify(given, null, 2), `${root}/spec of the program`, settings)
    : await loadExperiment(file, settings);
  const { name: engine, notice } = await usableBackend(engineOf(options));
  const artifacts = resolve(root, options.artifacts ?? "artifacts");
  const reports = resolve(root, options.reports ?? "reports");
  const report = `${reports}/${loaded.spec.name}`;
  const workflow = {
    ...loaded,
    name: loaded.spec.name,
    settings: { engine, reportFolder: report },
  };
  let { spec } = loaded;
  if (namesModules(spec)) {
    using store = await Store.open(artifacts);
    spec = (await withModules([workflow], store, PROJECT, new AbortController().signal, () => {}))[0]!.spec;
  }
  return {
    name: spec.name,
    spec: JSON.parse(JSON.stringify(inKey(spec, (module) => module))) as Record<string, Json>,
    notices: [...loaded.notices, ...(notice === undefined ? [] : [notice])],
    run: (how) => run({ ...workflow, spec }, artifacts, report, how),
  };
}

function engineOf({ engine = DEFAULT_BACKEND }: ExperimentOptions): BackendName {
  const found = BACKEND_NAMES.find((name) => name === engine);
  if (found) return found;
  throw new UserError(`There is no engine ${printable(engine)}`, {
    notes: [`The engines are ${BACKEND_NAMES.join(", ")}.`],
    exitStatus: 2,
  });
}

type Loaded = LoadedExperiment & {
  readonly name: string;
  readonly settings: { readonly engine: BackendName; readonly reportFolder: string };
};

async function run(
  workflow: Loaded,
  artifacts: string,
  report: string,
  { onEvent = () => {}, signal = new AbortController().signal }: RunOptions = {},
): Promise<FinishedRun> {
  using store = await Store.open(artifacts);
  const slots = localSlots(navigator.hardwareConcurrency, Deno.systemMemoryInfo().available);
  const runner = new Runner({
    store,
    root: PROJECT,
    declarations: DECLARATIONS,
    executor: new LocalExecutor({ store, root: PROJECT, slots }),
    signal,
    onEvent,
  });
  try {
    await checkSources([workflow], store.digests);
    const results = await runner.run(workflow);
    await publish(store, results.get("report")!.record, report, signal);
    return await finishedRun(store, workflow.spec, workflow.settings.engine, results, `${report}/index.html`);
  } finally {
    await runner.finish();
  }
}
