import { fileURLToPath, pathToFileURL } from "node:url";
import { UserError } from "../../base/errors.ts";
import type { StagePermissions } from "../stage.ts";
import { MACHINE_PERMISSIONS } from "./machine.ts";
import type { Assignment } from "./protocol.ts";

/** What a worker may reach, apart from its inputs. */
export interface WorkerSandbox {
  /** The folder of `deno.json`. */
  readonly root: string;
  /** Files of the stage's code, and folders of its packages. */
  readonly code: readonly string[];
  /** The folder of all blobs, inputs among them. */
  readonly blobs: string;
  /** The folder that the worker may write to. */
  readonly workFolder: string;
  readonly permissions: StagePermissions;
  /** Texts that take the place of modules, by their URLs. */
  readonly passedOn: Readonly<Record<string, string>>;
}

/** Where a worker's import map lies, where it needs one of its own. */
const importMapPath = (workFolder: string) => `${workFolder}/import_map.json`;

/** Linux takes 128 kB in one argument. */
const MOST_INPUTS_BY_NAME = 200;

/**
 * A path as seen from the root, which is where a worker is started. ONNX Runtime reads its process's command line with
 * a regular expression whose recursion overflows the stack where that is longer than some 25 kB: where the project
 * lies must not add to it.
 */
function shortened(path: string, root: string): string {
  // Through a link, a relative path would lead to another name of the file than the one that its modules have.
  return path.startsWith(`${root}/`) && !isLink(root) ? path.slice(root.length + 1) : path;
}

function isLink(folder: string): boolean {
  try {
    return Deno.realPathSync(folder) !== folder;
  } catch {
    return false; // no such folder
  }
}

/** Environment of a worker: a time zone or a language must not find its way into a result. */
export const WORKER_ENVIRONMENT = { TZ: "UTC", LC_ALL: "C.UTF-8", NO_COLOR: "1" };

/** Arguments of Deno that start a worker, with permissions for just what its stage declares. */
export function workerArguments(
  assignment: Assignment,
  { root, code, blobs, workFolder, permissions, passedOn }: WorkerSandbox,
): string[] {
  const { net = [], run = [], read = [], env = [], ffi = false } = permissions;
  const flag = (name: string, values: readonly string[]) => {
    const strange = values.find((value) => value.includes(","));
    if (strange !== undefined) throw commaIn(strange);
    return values.length === 0 ? [] : [`--allow-${name}=${values.join(",")}`];
  };
  const near = (path: string) => shortened(path, root);
  const programs = run.includes("deno") ? [...run, Deno.execPath()] : run;
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--cached-only",
    `--config=${root}/deno.json`,
    ...(Object.keys(passedOn).length > 0 ? [`--import-map=${importMapPath(workFolder)}`] : []),
    ...flag("read", [...code, ...inputFiles(assignment, blobs), workFolder, ...read].map(near)),
    ...flag("write", [near(workFolder)]),
    ...flag("net", net),
    ...flag("run", programs),
    ...flag("env", env),
    ...flag("sys", MACHINE_PERMISSIONS), // given up before the stage begins
    // What is not declared looks unset: libraries ask for many variables and can do without.
    "--ignore-env",
    // Reading a native pointer needs the whole permission: one limited to a folder only loads libraries.
    ...(ffi ? ["--allow-ffi"] : []),
    fileURLToPath(new URL("./worker.ts", import.meta.url)),
  ];
}

/**
 * The files of a stage's inputs; or the folder of all blobs where they are too many to be named. Nobody comes upon the
 * digest of a blob by accident.
 */
function inputFiles({ inputs }: Assignment, blobs: string): readonly string[] {
  const files = [...new Set(Object.values(inputs))];
  return files.length > MOST_INPUTS_BY_NAME ? [blobs] : files;
}

/** Deno 2.9.6 splits lists of paths at commas and has no way to write one that stays. */
function commaIn(path: string): UserError {
  return new UserError(`Cannot give a stage access to ${path}: its path has a comma`, {
    notes: ["Deno's permissions take none. Next: rename the folder, or name a link to it without a comma."],
  });
}

/**
 * Writes the modules that take the place of others, and an import map that puts them there.
 */
export function writeImportMap({ root, workFolder, passedOn }: WorkerSandbox): void {
  const modules = Object.entries(passedOn);
  if (modules.length === 0) return;
  const { imports } = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`)) as {
    imports: Record<string, string>;
  };
  const base = pathToFileURL(`${root}/`);
  const map = Object.fromEntries(
    Object.entries(imports).map((
      [name, target],
    ) => [name, target.startsWith(".") ? new URL(target, base).href : target]),
  );
  modules.forEach(([url, text], i) => {
    const path = `${workFolder}/passed_on_${i}.js`;
    Deno.writeTextFileSync(path, text);
    const there = pathToFileURL(path).href;
    for (const [name, target] of Object.entries(map)) if (target === url) map[name] = there;
    map[url] = there;
  });
  Deno.writeTextFileSync(importMapPath(workFolder), JSON.stringify({ imports: map }));
}
