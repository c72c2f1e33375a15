import { createHash } from "node:crypto";
import { canonicalJson } from "../../pipeline/formats/canonical_json.ts";
import { CodeHasher } from "../../pipeline/graph/code.ts";
import type { StageDeclaration } from "../../pipeline/graph/stage.ts";
import type { ActionRecord, KeyManifest } from "../../pipeline/store/record.ts";
import { seal, sha256 } from "../../pipeline/store/sealed.ts";
import { Store } from "../../pipeline/store/store.ts";
import { expectNoOp, measure, type Measured } from "./timing.ts";

/** Ten layers; each stage reads one file of two stages of the layer before it, and writes one. */
export function generatedDag(size: number): { name: string; reads: number[] }[] {
  const width = size / 10;
  return Array.from({ length: size }, (_, i) => {
    const [layer, place] = [Math.floor(i / width), i % width];
    const before = (layer - 1) * width;
    return {
      name: `s${i}`,
      reads: layer === 0 ? [] : [before + place, before + (place * 7 + 3) % width],
    };
  });
}

/** The stages as Reparam knows them. */
export function generatedDeclarations(size: number): StageDeclaration<unknown>[] {
  const dag = generatedDag(size);
  return dag.map(({ name, reads }, i) => ({
    name,
    module: new URL("./generated_stage.ts", import.meta.url),
    slice: () => ({ i }),
    inputs: () => reads.map((j) => ({ stage: `s${j}`, path: "out.txt" })),
    permissions: () => ({}),
  }));
}

const content = (i: number) => `output of stage ${i}\n`;

/** A store in which all stages of the DAG are known, as if each had run. */
export async function fillStore(root: string, folder: string, size: number): Promise<void> {
  using store = await Store.open(folder);
  const declarations = generatedDeclarations(size);
  const hasher = new CodeHasher(root, store);
  const code = (await hasher.code(declarations[0]!.module)).digest;
  await hasher.save();
  for (const [i, { name, slice, inputs }] of declarations.entries()) {
    Deno.writeTextFileSync(store.blobPath(sha256(content(i))), content(i));
    const manifest: KeyManifest = {
      stage: name,
      slice: await slice(null, { engine: "native" }, store.digests),
      inputs: Object.fromEntries(
        inputs().map(({ stage, path }) => [`${stage}/${path}`, sha256(content(Number(stage.slice(1))))]),
      ),
      code,
    };
    const key = sha256(canonicalJson(manifest));
    const record: ActionRecord = {
      key,
      stage: name,
      outputs: { "out.txt": { digest: sha256(content(i)), size: content(i).length } },
      started: "2026-01-01T00:00:00.000Z",
      seconds: 1,
      machine: {},
      recorded: {},
      notices: [],
    };
    Deno.writeTextFileSync(store.recordPath(key), seal(record));
  }
}

/** DVC's project, with a lock file that says that every stage has run. */
export async function fillDvc(folder: string, size: number, dvc: string): Promise<void> {
  Deno.mkdirSync(folder, { recursive: true });
  const stages: Record<string, unknown> = {};
  const lock: Record<string, unknown> = {};
  const path = (i: number) => `s${i}.txt`;
  const locked = (i: number) => {
    const text = content(i);
    return {
      path: path(i),
      hash: "md5",
      md5: createHash("md5").update(text).digest("hex"),
      size: text.length,
    };
  };
  for (const [i, { name, reads }] of generatedDag(size).entries()) {
    Deno.writeTextFileSync(`${folder}/${path(i)}`, content(i));
    const cmd = `echo output of stage ${i} > ${path(i)}`;
    const deps = [...new Set(reads)];
    stages[name] = { cmd, ...(deps.length > 0 ? { deps: deps.map(path) } : {}), outs: [path(i)] };
    lock[name] = { cmd, ...(deps.length > 0 ? { deps: deps.map(locked) } : {}), outs: [locked(i)] };
  }
  Deno.writeTextFileSync(`${folder}/dvc.yaml`, JSON.stringify({ stages }, null, 1));
  Deno.writeTextFileSync(`${folder}/dvc.lock`, JSON.stringify({ schema: "2.0", stages: lock }, null, 1));
  await measure(dvc, ["init", "--no-scm", "--quiet"], { cwd: folder });
  await measure(dvc, ["commit", "--force", "--quiet"], { cwd: folder });
}

/** Snakemake's project: one rule, whose jobs look their inputs up. All files are there, each newer than its inputs. */
export function fillSnakemake(folder: string, size: number): void {
  Deno.mkdirSync(folder, { recursive: true });
  const dag = generatedDag(size);
  const start = Date.now() / 1000 - size;
  for (const i of dag.keys()) {
    const path = `${folder}/s${i}.txt`;
    Deno.writeTextFileSync(path, content(i));
    Deno.utimeSync(path, start + i / 10, start + i / 10);
  }
  Deno.writeTextFileSync(`${folder}/reads.json`, JSON.stringify(dag.map(({ reads }) => reads)));
  Deno.writeTextFileSync(
    `${folder}/Snakefile`,
    `import json
reads = json.load(open("reads.json"))

rule all:
    input: ["s%d.txt" % i for i in range(${size - size / 10}, ${size})]

rule stage:
    input: lambda wildcards: ["s%d.txt" % i for i in reads[int(wildcards.i)]]
    output: "s{i}.txt"
    shell: "echo output of stage {wildcards.i} > {output}"
`,
  );
}

/** Each tool's plan of a DAG in which nothing is to be done. */
export async function generatedContestants(
  root: string,
  folder: string,
  venv: string,
  size: number,
  names: readonly string[],
): Promise<Map<string, () => Promise<Measured>>> {
  const contestants = new Map<string, () => Promise<Measured>>();
  const place = (name: string) => `${folder}/${name}-${size}`;
  for (const name of names) {
    if (name === "Reparam") {
      await fillStore(root, place(name), size);
      const args = ["run", "-A", `${root}/bench/pipeline/plan_generated.ts`, root, place(name), String(size)];
      contestants.set(name, expectNoOp(/nothing to do/, () => measure(Deno.execPath(), args, { cwd: root })));
    } else if (name === "DVC") {
      const dvc = `${venv}/bin/dvc`;
      await fillDvc(place(name), size, dvc);
      const options = { cwd: place(name), timeoutSeconds: 600 };
      contestants.set(name, expectNoOp(/up to date/, () => measure(dvc, ["repro", "--dry"], options)));
    } else {
      fillSnakemake(place(name), size);
      const options = { cwd: place(name), timeoutSeconds: 600 };
      contestants.set(
        name,
        expectNoOp(/Nothing to be done/, () => measure(`${venv}/bin/snakemake`, ["--dry-run"], options)),
      );
    }
  }
  return contestants;
}
