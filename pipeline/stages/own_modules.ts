import { INSPECTION_JSON, type OptionsOf } from "../artifacts/inspection_json.ts";
import { changeModules, type ModulePlace, modulePlaces } from "../base/own_module.ts";
import { printable } from "../base/printable.ts";
import { type Path, pathName, type Problem } from "../base/problem.ts";
import { canonicalJson } from "../formats/canonical_json.ts";
import { LocalExecutor } from "../graph/executors/local.ts";
import { isModule } from "../graph/module_source.ts";
import { Runner } from "../graph/runner.ts";
import type { Workflow } from "../graph/plan.ts";
import type { Experiment } from "../spec/experiment.ts";
import type { JsonSchema } from "../spec/json_schema.ts";
import { specProblems } from "../spec/checks.ts";
import { combinedError } from "../spec/load.ts";
import { describeIssues } from "../spec/messages/issues.ts";
import type { SpecSource } from "../spec/messages/source.ts";
import { sha256 } from "../store/sealed.ts";
import type { Store } from "../store/store.ts";
import { checkTypes, type OwnCode } from "./type_check.ts";
import { INSPECTION } from "./declarations.ts";

/** An experiment that is about to run, and where its spec's values were written. */
export interface WrittenWorkflow extends Workflow<Experiment> {
  readonly source: SpecSource;
}

/** Whether a spec names any module of the user's. */
export function namesModules(spec: Experiment): boolean {
  return modulesIn(spec).length > 0;
}

/** The files of the user's modules that a spec names, with their roles. */
function modulesIn(spec: Experiment): { readonly file: string; readonly role: ModulePlace["role"] }[] {
  const found: ReturnType<typeof modulesIn> = [];
  changeModules(spec, (part, { role }) => {
    found.push({ file: part.module, role });
    return part;
  });
  return found;
}

/**
 * Looks at the modules of the user's that specs name, in processes that may read these alone, and settles what only
 * they know. What was looked at before, and has not changed, is not looked at again.
 *
 * @param root folder of `deno.json`
 * @param say told of what may take a while
 * @throws {UserError} where a module does not do what it is named for
 */
export async function withModules<Of extends WrittenWorkflow>(
  workflows: readonly Of[],
  store: Store,
  root: string,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<Of[]> {
  const executor = new LocalExecutor({ store, root, slots: 1 });
  const runner = new Runner({ store, root, declarations: [INSPECTION], executor, signal });
  try {
    const named = workflows.filter(({ spec }) => namesModules(spec));
    const unseen: Of[] = [];
    for (const workflow of named) {
      const missing = missingModules(workflow.spec);
      if (missing.length > 0) throw combinedError(missing, workflow.source);
      const [known] = await runner.planner.plan(workflow);
      if (!known?.result) unseen.push(workflow);
    }
    if (unseen.length > 0) {
      const modules = (await Promise.all(unseen.map((workflow) => codeOf(workflow, runner)))).flat();
      say(`looking at ${Array.from(new Set(modules.map(({ file }) => file)), printable).join(" and ")}`);
      await checkTypes(modules, runner.planner.code.root, store, signal);
    }
    const settled: Of[] = [];
    for (const workflow of workflows) {
      settled.push(named.includes(workflow) ? await lookAt(workflow, runner, store) : workflow);
    }
    return settled;
  } finally {
    await runner.finish();
  }
}

/** Each module of the user's, with a digest of the user's code behind it. */
async function codeOf(workflow: WrittenWorkflow, runner: Runner<Experiment>): Promise<OwnCode[]> {
  const { manifest } = await runner.planner.hash(INSPECTION, workflow);
  return modulesIn(workflow.spec).map(({ file, role }) => {
    const own = Object.entries(manifest.modules).filter(([name]) => name.startsWith(`${role}:`));
    const code = Object.fromEntries(own.map(([name, digest]) => [name.slice(role.length), digest]));
    return { file, digest: sha256(canonicalJson(code)) };
  });
}

/** Settles what only a workflow's modules know. */
async function lookAt<Of extends WrittenWorkflow>(
  workflow: Of,
  runner: Runner<Experiment>,
  store: Store,
): Promise<Of> {
  const { spec, source } = workflow;
  const { record } = (await runner.run(workflow)).get(INSPECTION.name)!;
  const path = INSPECTION_JSON.name.slice(INSPECTION.name.length + 1);
  const inspection = INSPECTION_JSON.decode(
    await Deno.readFile(store.blobPath(record.outputs[path]!.digest)),
  );
  const problems = modulePlaces(spec).flatMap(({ role, path }) =>
    problemsOf(path, inspection.options[role], spec)
  );
  if (problems.length > 0) throw combinedError(problems, source);
  const settled = changeModules(spec, (part, { role, isDescribed }) => {
    const read = inspection.options[role]!;
    const options = "value" in read ? read.value : {};
    return { ...part, options, ...(isDescribed ? { about: inspection.about![role] } : {}) };
  });
  const further = specProblems(settled, (path) => source.has(path));
  if (further.length > 0) throw combinedError(further, source);
  return { ...workflow, spec: settled };
}

/** Files that are no modules, or not there, with their places in the spec. */
function missingModules(spec: Experiment): Problem[] {
  const problems: Problem[] = [];
  changeModules(spec, (part, { path }) => {
    const wrong = wrongWith(part.module);
    if (wrong !== undefined) {
      const at = [...path, "module"];
      const message = `${pathName(at)} must be a TypeScript or JavaScript file: ${
        printable(part.module)
      } ${wrong}`;
      problems.push({ path: at, message, notes: ["Its path is relative to the file that names it."] });
    }
    return part;
  });
  return problems;
}

function wrongWith(module: string): string | undefined {
  if (!isModule(module)) return "has another ending";
  try {
    return Deno.statSync(module).isFile ? undefined : "is no file";
  } catch {
    return "is not there, or may not be read";
  }
}

/** What a module's schema has against its options, with their place in the spec. */
function problemsOf(at: Path, read: OptionsOf | undefined, spec: Experiment): Problem[] {
  if (!read || "value" in read) return [];
  const path = [...at, "options"];
  const schema = path.reduceRight<JsonSchema>(
    (inside, key) => ({ type: "object", properties: { [key]: inside } }),
    read.schema as JsonSchema,
  );
  const issues = read.issues as unknown as Parameters<typeof describeIssues>[0];
  return describeIssues(issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })), spec, schema);
}
