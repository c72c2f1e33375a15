import { fileURLToPath } from "node:url";
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
}

/** Linux takes 128 kB in one argument, and paths may be long. */
const MOST_INPUTS_BY_NAME = 200;
const MOST_IN_ONE_ARGUMENT = 100;

/** Environment of a worker: a time zone or a language must not find its way into a result. */
export const WORKER_ENVIRONMENT = { TZ: "UTC", LC_ALL: "C.UTF-8" };

/** Arguments of Deno that start a worker, with permissions for just what its stage declares. */
export function workerArguments(
  assignment: Assignment,
  { root, code, blobs, workFolder, permissions }: WorkerSandbox,
): string[] {
  const { net = [], run = [], read = [], env = [], ffi = false } = permissions;
  const flag = (name: string, values: readonly string[]) => {
    const strange = values.find((value) => value.includes(","));
    if (strange !== undefined) throw commaIn(strange);
    const parts: string[] = [];
    for (let i = 0; i < values.length; i += MOST_IN_ONE_ARGUMENT) {
      parts.push(`--allow-${name}=${values.slice(i, i + MOST_IN_ONE_ARGUMENT).join(",")}`);
    }
    return parts;
  };
  const programs = run.includes("deno") ? [...run, Deno.execPath()] : run;
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--cached-only",
    `--config=${root}/deno.json`,
    ...flag("read", [...code, ...inputFiles(assignment, blobs), workFolder, ...read]),
    ...flag("write", [workFolder]),
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
