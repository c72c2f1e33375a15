import type { Arguments } from "./arguments.ts";
import type { Project } from "./project.ts";

/** One option of a verb. */
export interface Option {
  readonly type: "boolean" | "string";
  readonly multiple?: true;
  /** What stands for the value in the help: `DIR`. */
  readonly value?: string;
  readonly allowed?: readonly string[];
  readonly help: string;
}

/** One verb of the command line. */
export interface Verb {
  readonly usage: string;
  /** One sentence, for the list of all verbs and the head of the verb's own help. */
  readonly summary: string;
  /** What else is to be said in the verb's own help. */
  readonly details?: string;
  /** What the first argument is, where one is needed: "the file of a spec". */
  readonly argument?: string;
  /** Least and greatest number of arguments that are no options. */
  readonly positionals: readonly [number, number];
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly string[];
  /** @returns the exit status */
  execute(values: Arguments, project: Project, signal: AbortSignal): Promise<number>;
}

/** Verbs by name. Each one's module is loaded when it is called for. */
export type VerbTable = Readonly<Record<string, () => Promise<{ readonly verb: Verb }>>>;
