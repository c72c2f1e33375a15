import { type Place, UserError } from "../../base/errors.ts";
import type { JsonText } from "./json_text.ts";
import { type Override, overrideError } from "../overrides.ts";
import { type Path, pathName, type Problem } from "../../base/problem.ts";
import { child } from "./schema_tree.ts";
import { startsWith, type VariantSwitch } from "../variants.ts";

/** Where the values of a loaded spec come from: a place in its file, or the command line. */
export class SpecSource {
  readonly #text: JsonText;
  readonly #value: unknown;
  readonly #overrides: readonly Override[];
  readonly #switches: readonly VariantSwitch[];

  /** @param value what `text`, `overrides` and `switches` together make */
  constructor(
    text: JsonText,
    value: unknown,
    overrides: readonly Override[],
    switches: readonly VariantSwitch[],
  ) {
    this.#text = text;
    this.#value = value;
    this.#overrides = overrides;
    this.#switches = switches;
  }

  /** Did the user write this value, in the file or on the command line? Otherwise it is a default. */
  has(path: Path): boolean {
    return path.reduce(child, this.#value) !== undefined;
  }

  /**
   * The place of a value, or of the innermost object around it that the file has; undefined where the value
   * was set on the command line.
   */
  place(path: Path): Place | undefined {
    const override = this.#override(path);
    if (!override) return this.#text.place(path);
    return override.place?.(path.slice(override.path.length), false);
  }

  /**
   * The error for a problem at some path: with its place in the file, or `--set a.b=c` before its message, and
   * with the path where neither message nor override names it.
   */
  error(
    { path, message, notes = [], atKey = false }: Problem,
    further: readonly UserError[] = [],
  ): UserError {
    const override = this.#override(path);
    const options = { notes, further, exitStatus: 2 } as const;
    const isNamed = atKey || path.length === 0 || message.includes(pathName(path));
    const named = isNamed ? message : `${pathName(path)}: ${message}`;
    if (override) {
      const inside = path.slice(override.path.length);
      return overrideError(override, inside.length === 0 ? message : named, options, inside, atKey);
    }
    const place = atKey ? this.#text.keyPlace(path) : this.#text.place(path);
    return new UserError(named, { ...options, place });
  }

  /** The override that a value, or its absence, goes back to. */
  #override(path: Path): Override | undefined {
    const setting = this.#overrides.findLast((override) => startsWith(path, override.path));
    if (setting) return setting;
    // What is missing, since another variant was picked or since an override made the object around it.
    const switched = this.#switches.findLast((change) => startsWith(path, change.path));
    if (switched && !this.has(path)) return switched.override;
    const missing = path.findIndex((_, depth) => !this.#text.has(path.slice(0, depth + 1)));
    if (missing < 0) return undefined;
    const made = path.slice(0, missing + 1);
    return this.#overrides.findLast((override) => startsWith(override.path, made));
  }
}
