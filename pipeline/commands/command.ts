import { parseArgs } from "node:util";
import { UserError } from "../base/errors.ts";
import {
  BACKEND_NAMES,
  type BackendName,
  BACKENDS,
  DEFAULT_BACKEND,
  usableBackend,
} from "../engine/backends.ts";
import type { StageDeclaration } from "../graph/stage.ts";
import type { Settings } from "../stages/declarations.ts";
import type { Sampled, SampleRequest } from "./sample/sample.ts";
import type { Comparison, RenderedComparison } from "../report/compare/candidate.ts";
import type { PaperRun, RenderedPaper } from "../report/paper/parts.ts";
import type { Sweep } from "../spec/sweep.ts";

/** What the commands work on. Its parts are functions so that a command loads only what it needs. */
export interface Project<Spec extends { readonly name: string }> {
  /** The folder of `deno.json`. */
  readonly root: string;
  declarations(): Promise<readonly StageDeclaration<Spec>[]>;
  /** @param overrides values of `--set` */
  load(
    path: string,
    overrides: readonly string[],
  ): Promise<{ readonly spec: Spec; readonly notices: readonly string[] }>;
  /** The stage whose outputs become `reports/<name>/`. */
  readonly reportStage: string;
  /** What `sample` reads. */
  readonly sampledStages: readonly string[];
  /** Makes more from a trained model. */
  sample(request: SampleRequest<Spec>): Promise<readonly Sampled[]>;
  /** Whether a file is a sweep rather than a spec. */
  isSweep(path: string): Promise<boolean>;
  /** @param overrides values of `--set`, for all cells */
  loadSweep(path: string, overrides: readonly string[]): Promise<Sweep<Spec>>;
  /** Where an output of a stage lies in a report's folder; undefined where it is not in there. */
  pathInReport(output: string): Promise<string | undefined>;
  compare(comparison: Comparison<Spec>): Promise<RenderedComparison>;
  paper(): Promise<PaperProject<Spec>>;
}

/** What `paper` runs and makes of it. */
export interface PaperProject<Spec extends { readonly name: string }> {
  /** Specs and sweeps by the part that they play in the page; files in `folder`. */
  readonly parts: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Parts whose data may be out of reach, and the overrides that put other data in their place. */
  readonly luteParts: readonly string[];
  readonly standIn: readonly string[];
  /** @param paper the runs of each part, and why other data stand in for those out of reach, if they do */
  render(
    paper: {
      readonly runs: Readonly<Record<string, readonly PaperRun<Spec>[]>>;
      readonly standIn: string | undefined;
    },
  ): Promise<RenderedPaper>;
}

export interface Option {
  readonly type: "boolean" | "string";
  readonly multiple?: true;
  /** What stands for the value in the help: `DIR`. */
  readonly value?: string;
  readonly allowed?: readonly string[];
  readonly help: string;
}

/** One verb of the command line. */
export interface Command {
  readonly usage: string;
  readonly summary: string;
  /** Least and greatest number of arguments that are no options. */
  readonly positionals: readonly [number, number];
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly string[];
  /** @returns the exit status */
  execute<Spec extends { readonly name: string }>(
    values: Arguments,
    project: Project<Spec>,
    signal: AbortSignal,
  ): Promise<number>;
}

/** Arguments as given, checked against a command's options. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #given: ReadonlyMap<string, readonly string[]>;

  constructor(positionals: readonly string[], given: ReadonlyMap<string, readonly string[]>) {
    this.positionals = positionals;
    this.#given = given;
  }

  has(option: string): boolean {
    return this.#given.has(option);
  }

  /** The last value given. */
  value(option: string): string | undefined {
    return this.#given.get(option)?.at(-1);
  }

  values(option: string): readonly string[] {
    return this.#given.get(option) ?? [];
  }

  /** A whole number of at least `least`. */
  count(option: string, least: number): number | undefined {
    const text = this.value(option);
    if (text === undefined) return undefined;
    const count = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < least) {
      throw badUsage(`Cannot use --${option} ${text}: it must be a whole number of at least ${least}`);
    }
    return count;
  }
}

export const STORE_OPTION = {
  artifacts: { type: "string", value: "DIR", help: "Where results are kept. Default: artifacts" },
} as const satisfies Record<string, Option>;

export const SPEC_OPTIONS = {
  set: {
    type: "string",
    multiple: true,
    value: "a.b=c",
    help: "Override a value of the spec; may be given several times.",
  },
  engine: {
    type: "string",
    value: "NAME",
    allowed: BACKEND_NAMES,
    help: `${BACKEND_NAMES.map(backendInWords).join(" or ")}.`,
  },
} as const satisfies Record<string, Option>;

export function storeFolder(values: Arguments, root: string): string {
  return absolute(values.value("artifacts"), `${root}/artifacts`);
}

function backendInWords(name: BackendName): string {
  return `${name} (${BACKENDS[name].description}${name === DEFAULT_BACKEND ? ", the default" : ""})`;
}

export async function settingsOf(values: Arguments): Promise<Settings> {
  const { name, notice } = await usableBackend((values.value("engine") ?? DEFAULT_BACKEND) as BackendName);
  if (notice !== undefined && !engineNoticeGiven) console.error(`note: ${notice}`);
  engineNoticeGiven = true;
  return { engine: name };
}

/** A sweep asks for each of its cells; the user is told once. */
let engineNoticeGiven = false;

/** An option's folder as an absolute path. */
export function absolute(path: string | undefined, otherwise: string): string {
  if (path === undefined) return otherwise;
  return path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
}

export function badUsage(message: string, ...notes: string[]): UserError {
  return new UserError(message, { notes, exitStatus: 2 });
}

/** @throws {UserError} with exit status 2 */
export async function parseArguments(
  verb: string,
  { options, positionals: [least, most], usage }: Command,
  args: readonly string[],
): Promise<Arguments> {
  const { positionals, tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name]! : undefined;
    if (!option) {
      const { nearest } = await import("../base/nearest.ts");
      const near = nearest(token.name, Object.keys(options));
      throw badUsage(
        `Cannot ${verb}: there is no option ${token.rawName}`,
        ...(near ? [`Did you mean --${near}?`] : []),
        `\`deno task ${verb} --help\` lists all options.`,
      );
    }
    if (option.type === "boolean" && token.value !== undefined) {
      throw badUsage(`Cannot ${verb}: --${token.name} takes no value`);
    }
    if (
      option.type === "string" &&
      (token.value === undefined || !token.inlineValue && token.value.startsWith("--"))
    ) {
      throw badUsage(
        `Cannot ${verb}: --${token.name} needs a value`,
        `For example --${token.name} ${option.value}`,
      );
    }
    if (option.allowed && !option.allowed.includes(token.value!)) {
      throw badUsage(
        `Cannot ${verb}: --${token.name} ${token.value} is not known`,
        `Allowed: ${option.allowed.join(", ")}`,
      );
    }
    given.set(token.name, [...given.get(token.name) ?? [], token.value ?? ""]);
  }
  if (positionals.length < least || positionals.length > most) {
    const what = positionals.length < least ? "something is missing" : `${positionals[most]} is one too many`;
    throw badUsage(`Cannot ${verb}: ${what}`, `Usage: ${usage}`);
  }
  return new Arguments(positionals, given);
}

export function helpOf({ usage, summary, options, examples }: Command): string {
  const rows = Object.entries(options).map(([name, { value, help }]) => [
    `--${name}${value ? ` ${value}` : ""}`,
    help,
  ]);
  const width = Math.max(0, ...rows.map(([left]) => left!.length)) + 2;
  return [
    `Usage: ${usage}`,
    "",
    summary,
    ...(rows.length > 0 ? ["", "Options:", ...rows.map(([a, b]) => `  ${a!.padEnd(width)}${b}`)] : []),
    "",
    examples.length > 1 ? "Examples:" : "Example:",
    ...examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}
