import { UserError } from "../../base/errors.ts";

/** Arguments as given, checked against a verb's options. */
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

/** A mistake on the command line: exit status 2. */
export function badUsage(message: string, ...notes: string[]): UserError {
  return new UserError(message, { notes, exitStatus: 2 });
}
