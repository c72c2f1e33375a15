import { parseArgs } from "node:util";
import { Arguments, badUsage } from "./arguments.ts";
import type { Verb } from "./verb.ts";

/** Takes a command line apart, without the verb. @throws {UserError} with exit status 2 */
export async function parseArguments(
  name: string,
  { options, positionals: [least, most], usage }: Verb,
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
      const { nearest } = await import("../../base/nearest.ts");
      const near = nearest(token.name, Object.keys(options));
      throw badUsage(
        `Cannot ${name}: there is no option ${token.rawName}`,
        ...(near ? [`Did you mean --${near}?`] : []),
        `\`deno task ${name} --help\` lists all options.`,
      );
    }
    if (option.type === "boolean" && token.value !== undefined) {
      throw badUsage(`Cannot ${name}: --${token.name} takes no value`);
    }
    if (
      option.type === "string" &&
      (token.value === undefined || !token.inlineValue && token.value.startsWith("--"))
    ) {
      throw badUsage(
        `Cannot ${name}: --${token.name} needs a value`,
        `For example --${token.name} ${option.value}`,
      );
    }
    if (option.allowed && !option.allowed.includes(token.value!)) {
      throw badUsage(
        `Cannot ${name}: --${token.name} ${token.value} is not known`,
        `Allowed: ${option.allowed.join(", ")}`,
      );
    }
    const values = given.get(token.name) ?? [];
    values.push(token.value ?? "");
    given.set(token.name, values);
  }
  if (positionals.length < least || positionals.length > most) {
    const what = positionals.length < least ? "something is missing" : `${positionals[most]} is one too many`;
    throw badUsage(`Cannot ${name}: ${what}`, `Usage: ${usage}`);
  }
  return new Arguments(positionals, given);
}
