import { expectNoOp, interleaved, measure } from "./timing.ts";

/** Seconds of a run that has nothing to do, by tool. */
export type Seconds = ReadonlyMap<string, number>;

interface Step {
  readonly name: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/**
 * Runs a spec in Reparam, gives the same six stages with the same files to DVC and Snakemake, whose commands copy
 * them, and times runs in which nothing is to be done. Each tool hashes or stats the same data; for code, DVC and
 * Snakemake watch one module per stage, Reparam all that it reaches.
 */
export async function oneSpec(root: string, folder: string, venv: string, rounds: number): Promise<Seconds> {
  const project = `${folder}/project`;
  await copyProject(root, project);
  const args = ["run", "-A", "pipeline/main.ts", "run", "experiments/quick.json"];
  const places = [`--artifacts=${folder}/store`, `--reports=${folder}/reports`];
  const reparam = () => measure(Deno.execPath(), [...args, ...places], { cwd: project });
  await reparam();
  const steps = layOut(folder);
  for (const tool of ["dvc", "snakemake"]) {
    await Deno.mkdir(`${folder}/${tool}/data`, { recursive: true });
    await measure("cp", ["-r", `${project}/pipeline`, `${folder}/${tool}/`]);
  }
  const dvc = `${venv}/bin/dvc`;
  const inDvc = { cwd: `${folder}/dvc` };
  Deno.writeTextFileSync(`${folder}/dvc/dvc.yaml`, dvcFile(steps, folder));
  await measure(dvc, ["init", "--no-scm", "--quiet"], inDvc);
  await measure(dvc, ["repro"], inDvc);
  const snakemake = [`${venv}/bin/snakemake`, ["--cores", "1"], { cwd: `${folder}/snakemake` }] as const;
  Deno.writeTextFileSync(`${folder}/snakemake/Snakefile`, snakeFile(steps, folder));
  await measure(...snakemake);

  return await interleaved(
    new Map([
      ["Reparam", expectNoOp(/nothing was executed/, reparam)],
      ["DVC", expectNoOp(/up to date/, () => measure(dvc, ["repro"], inDvc))],
      ["Snakemake", expectNoOp(/Nothing to be done/, () => measure(...snakemake))],
    ]),
    rounds,
  );
}

/** A copy that nobody edits meanwhile: a changed file would make something to do. Packages are hard links. */
async function copyProject(root: string, project: string): Promise<void> {
  await Deno.mkdir(project, { recursive: true });
  for (const name of ["pipeline", "experiments", "deno.json", "deno.lock"]) {
    await measure("cp", ["-r", `${root}/${name}`, `${project}/`]);
  }
  await measure("cp", ["-a", "--link", `${root}/node_modules`, `${project}/`]);
}

/** Copies the outputs of all stages out of the store: `made/<stage>/<path>`. */
function layOut(folder: string): Step[] {
  const names = ["download", "preprocess", "train", "evaluate", "render", "report"];
  const writes = new Map<string, string[]>();
  for (const { name: file } of Deno.readDirSync(`${folder}/store/ac`)) {
    const record = JSON.parse(Deno.readTextFileSync(`${folder}/store/ac/${file}`)).value;
    for (const [path, { digest }] of Object.entries<{ digest: string }>(record.outputs)) {
      const target = `${folder}/made/${record.stage}/${path}`;
      Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
      Deno.copyFileSync(`${folder}/store/cas/${digest}`, target);
      Deno.chmodSync(target, 0o644);
    }
    writes.set(record.stage, Object.keys(record.outputs));
  }
  const reads: Record<string, string[]> = {
    download: [],
    preprocess: ["download"],
    train: ["preprocess"],
    evaluate: ["preprocess", "train"],
    render: ["preprocess", "train", "evaluate"],
    report: ["download", "preprocess", "train", "evaluate", "render"],
  };
  const files = (stage: string) => writes.get(stage)!.map((path) => `data/${stage}/${path}`);
  return names.map((name) => ({
    name,
    reads: [`pipeline/stages/${name}.ts`, ...reads[name]!.flatMap(files)],
    writes: files(name),
  }));
}

function dvcFile(steps: readonly Step[], folder: string): string {
  const stages = steps.map((
    { name, reads, writes },
  ) => [name, { cmd: copy(name, folder), deps: reads, outs: writes }]);
  return JSON.stringify({ stages: Object.fromEntries(stages) }, null, 1); // JSON is YAML
}

function snakeFile(steps: readonly Step[], folder: string): string {
  const rule = ({ name, reads, writes }: Step) =>
    `rule ${name}:\n    input: ${JSON.stringify(reads)}\n    output: ${JSON.stringify(writes)}\n` +
    `    shell: ${JSON.stringify(copy(name, folder))}\n`;
  return `rule all:\n    input: ${JSON.stringify(steps.at(-1)!.writes)}\n` + steps.map(rule).join("\n");
}

function copy(stage: string, folder: string): string {
  return `mkdir -p data && cp -r ${folder}/made/${stage} data/`;
}
