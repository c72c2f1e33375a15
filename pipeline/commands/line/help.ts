import { releaseAt } from "../../base/release.ts";
import type { Verb, VerbTable } from "./verb.ts";

/** What `help` prints: all verbs, each with its summary. */
export async function overview(verbs: VerbTable): Promise<string> {
  const names = Object.keys(verbs);
  const loaded = await Promise.all(names.map((name) => verbs[name]!()));
  return [
    "Reparam: reproducible VAE experiments, from a spec to a report.",
    "",
    "Usage: deno task VERB [ARGUMENTS]",
    "",
    ...columns(loaded.map(({ verb }, i) => [names[i]!, verb.summary])),
    "",
    "`deno task VERB --help` says more about each. Example: deno task run experiments/quick.json",
    "",
  ].join("\n");
}

/** What `--version` prints. @param root the folder of `deno.json` */
export function versionOf(root: string): string {
  const { version, commit } = releaseAt(root);
  return `Reparam ${version}${
    commit === null ? "" : ` (commit ${commit.slice(0, 12)})`
  }, Deno ${Deno.version.deno}`;
}

/** What `VERB --help` prints. */
export function helpOf({ usage, summary, details, options, examples }: Verb): string {
  const rows = Object.entries(options).map(([name, { value, help }]): [string, string] => [
    `--${name}${value ? ` ${value}` : ""}`,
    help,
  ]);
  return [
    `Usage: ${usage}`,
    "",
    summary,
    ...(details === undefined ? [] : [details]),
    ...(rows.length > 0 ? ["", "Options:", ...columns(rows)] : []),
    "",
    examples.length > 1 ? "Examples:" : "Example:",
    ...examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
}
