import { parseArgs } from "node:util";
import { Arguments, badUsage } from "./arguments.ts";
import { looksLikeSetting, settingInOption, settingInWords } from "./habits.ts";
import type { Option, Verb } from "./verb.ts";

/** Takes a command line apart, without the verb. @throws {UserError} with exit status 2 */
export async function parseArguments(
  name: string,
  verb: Verb,
  args: readonly string[],
): Promise<Arguments> {
  const { options } = verb;
  const { positionals, tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name]! : undefined;
    if (!option) {
      const next = tokens[i + 1];
      const value = token.value ?? (next?.kind === "positional" ? next.value : undefined);
      throw await unknownOption(name, verb, token.name, token.rawName, value);
    }
    checkValue(name, option, token.name, token.value, token.inlineValue === true);
    const values = given.get(token.name) ?? [];
    values.push(token.value ?? "");
    given.set(token.name, values);
  }
  checkPositionals(name, verb, positionals);
  return new Arguments(positionals, given);
}

async function unknownOption(
  name: string,
  { options, argument }: Verb,
  option: string,
  written: string,
  value: string | undefined,
): Promise<Error> {
  const { nearest } = await import("../../base/nearest.ts");
  const near = nearest(option, Object.keys(options));
  const isSetting = value !== undefined && looksLikeSetting(value); // of --set, misspelt
  const isFile = argument !== undefined && value?.endsWith(".json");
  return badUsage(
    `Cannot ${name}: there is no option ${written}`,
    ...(isFile ? [`A file stands by itself: deno task ${name} ${value}`] : []),
    ...(!isFile && !isSetting && options.set ? await settingInOption(option, value) : []),
    ...(near ? [`Did you mean --${near}?`] : []),
    `\`deno task ${name} --help\` lists all options.`,
  );
}

function checkValue(
  name: string,
  { type, allowed, value: example }: Option,
  option: string,
  value: string | undefined,
  isInline: boolean,
): void {
  if (type === "boolean" && value !== undefined) {
    throw badUsage(`Cannot ${name}: --${option} takes no value`);
  }
  if (type === "string" && (value === undefined || !isInline && value.startsWith("--"))) {
    throw badUsage(`Cannot ${name}: --${option} needs a value`, `For example --${option} ${example}`);
  }
  if (allowed && !allowed.includes(value!)) {
    throw badUsage(
      `Cannot ${name}: --${option} ${value} is not known`,
      `Allowed: ${allowed.join(", ")}`,
    );
  }
}

function checkPositionals(
  name: string,
  { options, positionals: [least, most], argument, usage, examples }: Verb,
  given: readonly string[],
): void {
  const setting = options.set && given.find(looksLikeSetting);
  if (setting !== undefined) {
    throw badUsage(`Cannot ${name}: ${setting} is no file`, ...settingInWords(setting));
  }
  if (given.length < least) {
    throw badUsage(`Cannot ${name}: ${argument} is missing`, `Usage: ${usage}`, `Example: ${examples[0]}`);
  }
  if (given.length > most) {
    throw badUsage(`Cannot ${name}: ${given[most]} is one too many`, `Usage: ${usage}`);
  }
}
