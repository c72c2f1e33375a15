import type { ActionRecord, CodeManifest, KeyManifest } from "../store/record.ts";
import type { Json } from "../base/json.ts";
import type { Progress } from "../base/progress.ts";
import type { Experiment } from "../spec/schema.ts";

/** Choices made on the command line that can change a stage's bytes. */
export interface Settings {
  readonly engine: "native" | "portable";
}

/** An output of an earlier stage that a stage reads. */
export interface InputReference {
  readonly stage: string;
  /** One file, or every file below a folder where it ends in `/` (`figures/`). "" is every output. */
  readonly path: string;
}

/**
 * What the planner knows of a stage without loading its code. The stage's key is SHA-256 over its name, its
 * slice, the digests of its inputs, the hash of the module graph behind `module`, and the versions of the
 * npm packages that this graph reaches.
 *
 * Files beside the code are part of the graph where a module names them as `new URL("./file", import.meta.url)`
 * (`"./folder/"` for all in it), and the worker may read just those.
 */
export interface StageDeclaration<Spec = Experiment> {
  readonly name: string;
  /** The module whose `run` export (`StageFunction`) does the work. */
  readonly module: URL;
  /** The part of the spec that can change this stage's bytes. Leave out what cannot. */
  slice(spec: Spec, settings: Settings): Json;
  inputs(spec: Spec): readonly InputReference[];
  /** Passed to the stage but not part of its key, so it must not change the bytes (where to download from). */
  unkeyed?(spec: Spec, provenance: Provenance): Json;
  /** What the worker may do beyond reading its inputs and the code, and writing its outputs and scratch folder. */
  permissions(spec: Spec): StagePermissions;
}

/** Where the inputs of a stage come from: all stages before it, direct or not, in the order of the pipeline. */
export interface Provenance {
  readonly stages: readonly StageProvenance[];
}

export interface StageProvenance {
  readonly record: ActionRecord;
  readonly manifest: KeyManifest;
  readonly code: CodeManifest;
}

export interface StagePermissions {
  /** Hosts, `name` or `name:port`. */
  readonly net?: readonly string[];
  /** Needs the native engine's library. */
  readonly ffi?: boolean;
  /** Programs it starts. */
  readonly run?: readonly string[];
  /** Folders outside the store that it reads (a user's own data). */
  readonly read?: readonly string[];
  /** Environment variables it reads. */
  readonly env?: readonly string[];
}

/** What a stage's `run` is given, inside its worker process. */
export interface StageContext<Slice = Json, Unkeyed = Json> {
  readonly slice: Slice;
  readonly unkeyed: Unkeyed;
  readonly settings: Settings;
  /** The path on disk of an input, by `stage/path`. Throws where it was not declared. */
  input(name: string): string;
  /** Names (`stage/path`) of all inputs, sorted. */
  readonly inputs: readonly string[];
  /** The path to write an output to; parent folders exist. Nothing is visible to others until the stage ends. */
  output(path: string): string;
  /** A folder that outlives a killed run of the same key: checkpoints. Emptied after success. */
  readonly scratch: string;
  /** Aborted on Ctrl-C: write a checkpoint and return or throw at once. */
  readonly signal: AbortSignal;
  /** Shown to the user; at most some ten a second are drawn. */
  progress(event: Progress): void;
  /** A fact of this execution that is not a result: wall times, machine, engine version. Kept in the action record. */
  record(name: string, value: Json): void;
  /** A sentence that the user should see even when nothing fails. */
  notice(message: string): void;
}

export type StageFunction<Slice = Json, Unkeyed = Json> = (
  context: StageContext<Slice, Unkeyed>,
) => Promise<void>;
