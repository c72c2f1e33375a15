import type { Json } from "../base/json.ts";
import type { ModuleUrl } from "../base/module_url.ts";
import type { Progress } from "../base/progress.ts";
import type { FileDigests } from "../store/digests.ts";
import type { Expectation } from "../store/expectation.ts";
import type { ActionRecord, CodeManifest, KeyManifest } from "../store/record.ts";

/** An output of an earlier stage that a stage reads. */
export interface InputReference<Spec> {
  readonly stage: string;
  /** One file, or every file below a folder where it ends in `/` (`figures/`). "" is every output. */
  readonly path: string;
  /** Left out: for every spec. Whatever it says, the stage stands behind the one that it reads. */
  readonly where?: (spec: Spec) => boolean;
}

/**
 * What the planner knows of a stage without loading its code. The stage's key is SHA-256 over its name, its
 * slice, the digests of its inputs, the hash of the module graph behind `module` and `modules`, and the versions of
 * the npm packages that this graph reaches. `settings` are choices of the command line that can change a stage's
 * bytes; what they mean is the declarations' affair.
 *
 * Files beside the code are part of the graph where a module names them as `new URL("./file", import.meta.url)`
 * (`"./folder/"` for all in it), and the worker may read just those.
 *
 * `defineStage` makes one whose parts agree with the types that the stage's `run` declares.
 */
export interface StageDeclaration<Spec> {
  readonly name: string;
  /** The module whose `run` export (`StageFunction`) does the work. */
  readonly module: URL;
  /**
   * The part of the spec that can change this stage's bytes. Leave out what cannot.
   *
   * @param digests of files that the spec names
   * @throws {UserError} where it is to hold what files say that the spec names, and they cannot be read
   */
  slice(spec: Spec, settings: Json, digests: FileDigests): Json | Promise<Json>;
  /** The variants that the stage loads for this spec (`StageContext.load`), by their role. */
  modules?(spec: Spec, settings: Json): Readonly<Record<string, URL>>;
  /** What it reads of earlier stages; the stages are the same whatever the spec. */
  inputs(): readonly InputReference<Spec>[];
  /**
   * What it writes; no part of the key. A result that does not fit is not believed. Left out: whatever it likes.
   * @param slice as `slice` gave it
   */
  outputs?(spec: Spec, settings: Json, slice: Json): Omit<Expectation, "stage">;
  /** What is passed to the stage but no part of its key, so it must not change the bytes (where to download from). */
  passthrough?(spec: Spec, provenance: Provenance): Json;
  /** What the worker may do beyond reading its inputs and the code, and writing its outputs and scratch folder. */
  permissions(spec: Spec, settings: Json): StagePermissions;
  /** What it needs of the machine, where that is more or less than `DEFAULT_RESOURCES`. */
  resources?(spec: Spec, settings: Json): Partial<StageResources>;
}

/** What a stage's module exports. */
export interface StageModule {
  // deno-lint-ignore no-explicit-any -- the types that `run` asks for are what a definition is held to
  run(context: StageContext<any, any, any>): Promise<void>;
}

type ContextOf<Module extends StageModule> = Parameters<Module["run"]>[0];
type SliceOf<Module extends StageModule> = ContextOf<Module>["slice"];
type PassthroughOf<Module extends StageModule> = ContextOf<Module>["passthrough"];
type ModulesOf<Module extends StageModule> = ContextOf<Module> extends
  StageContext<infer _S, infer _U, infer Modules>
  ? { readonly [Role in keyof Modules]: ModuleUrl<Modules[Role]> }
  : never;

/** A declaration whose slice, passthrough part and modules are those that the stage's `run` asks for. */
export interface StageDefinition<Spec, Chosen, Module extends StageModule> {
  readonly name: string;
  readonly module: ModuleUrl<Module>;
  slice(spec: Spec, settings: Chosen, digests: FileDigests): SliceOf<Module> | Promise<SliceOf<Module>>;
  modules(spec: Spec, settings: Chosen): ModulesOf<Module>;
  inputs(): readonly InputReference<Spec>[];
  outputs(spec: Spec, settings: Chosen, slice: SliceOf<Module>): Omit<Expectation, "stage">;
  passthrough(spec: Spec, provenance: Provenance): PassthroughOf<Module>;
  permissions(spec: Spec, settings: Chosen): StagePermissions;
  resources?(spec: Spec, settings: Chosen): Partial<StageResources>;
}

/**
 * Holds a stage's declaration to the types of its module: a key that `run` reads and the slice does not have is an
 * error of types, and so is a variant of the wrong kind.
 */
export function defineStage<Spec, Chosen>() {
  return <Module extends StageModule>(definition: StageDefinition<Spec, Chosen, Module>) =>
    // The values of a slice are JSON, which TypeScript cannot see where a part of it is optional.
    definition as unknown as StageDeclaration<Spec>;
}

/** What the outputs of a stage come from. */
export interface Provenance {
  /** All stages before it, direct or not, in the order of the pipeline. */
  readonly stages: readonly StageProvenance[];
  /** The code of the stage itself. */
  readonly code: CodeManifest;
}

/** One stage with its result, and all that its key stands for. */
export interface StageProvenance {
  readonly record: ActionRecord;
  readonly manifest: KeyManifest;
  readonly code: CodeManifest;
}

/** What a stage may do beside reading its inputs and its code. */
export interface StagePermissions {
  /** Hosts, `name` or `name:port`. */
  readonly net?: readonly string[];
  /** Calls libraries of the system; a process that may do that can do anything. */
  readonly ffi?: boolean;
  /** Computes on a GPU, whose driver may lie where the environment's search path for libraries says. */
  readonly gpu?: boolean;
  /** Programs it starts. */
  readonly run?: readonly string[];
  /** Folders outside the store that it reads (a user's own data). */
  readonly read?: readonly string[];
  /** Environment variables it reads. */
  readonly env?: readonly string[];
}

/** What a stage needs of the machine that executes it. */
export interface StageResources {
  /** Threads that it keeps busy. */
  readonly threads: number;
  /** The most memory that it takes. */
  readonly memoryBytes: number;
  /** GPUs that it computes on. */
  readonly gpus: number;
}

/** What a stage needs that says nothing of it: one thread, and more memory than any such stage takes. */
export const DEFAULT_RESOURCES: StageResources = { threads: 1, memoryBytes: 1.5e9, gpus: 0 };

/** What a stage's `run` is given, inside its worker process. */
export interface StageContext<Slice = Json, Passthrough = Json, Modules = Readonly<Record<string, unknown>>> {
  /** The stage's key: what is kept for a later execution is of use to this key alone. */
  readonly key: string;
  readonly slice: Slice;
  readonly passthrough: Passthrough;
  /** Loads the variant that has a role in this stage. @throws {Error} where none was declared */
  load<Role extends keyof Modules & string>(role: Role): Promise<Modules[Role]>;
  /** The path on disk of an input, by `stage/path`. @throws {Error} where it was not declared */
  input(name: string): string;
  /** Names (`stage/path`) of all inputs, sorted. */
  readonly inputs: readonly string[];
  /** The path to write an output to; parent folders exist. Nothing is visible to others until the stage ends. */
  output(path: string): string;
  /** A folder that outlives a killed run of the same key: checkpoints, which name the key. Emptied after success. */
  readonly scratch: string;
  /** Bytes of memory that the machine has, to refuse at once what cannot fit. No result may depend on it. */
  readonly memoryBytes: number;
  /** Aborted on Ctrl-C: write a checkpoint and return or throw at once. */
  readonly signal: AbortSignal;
  /** Shown to the user; at most some ten a second are drawn. */
  progress(event: Progress): void;
  /** A fact of this execution that is not a result: wall times, versions of libraries. Kept in the action record. */
  record(name: string, value: Json): void;
  /** A sentence that the user should see even when nothing fails. */
  notice(message: string): void;
}

/** The `run` export of a stage's module. */
export type StageFunction<Slice = Json, Passthrough = Json, Modules = Readonly<Record<string, unknown>>> = (
  context: StageContext<Slice, Passthrough, Modules>,
) => Promise<void>;
