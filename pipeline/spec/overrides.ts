import { type Place, UserError } from "../base/errors.ts";
import { shown } from "./messages/expected.ts";
import { discriminator, schemaAt } from "./messages/schema_tree.ts";
import { experimentJsonSchema } from "./json_schema.ts";
import { readJson } from "./messages/json_text.ts";
import { printable } from "../base/printable.ts";
import { type Path, pathName } from "../base/problem.ts";

/** A value that takes the place of one in the spec's file. */
export interface Override {
  /** As the user wrote it: `--set training.epochs=2`. */
  readonly name: string;
  readonly path: Path;
  readonly value: unknown;
  /** Where the part of `value` at `inside`, or its key, stands, if it was not written on the command line. */
  readonly place?: (inside: Path, atKey: boolean) => Place;
}

/** The error for a problem with an override: at its place in a file, or with its name before the message. */
export function overrideError(
  override: Override,
  message: string,
  options: { readonly notes?: readonly string[]; readonly further?: readonly UserError[] } = {},
  inside: Path = [],
  atKey = inside.length === 0,
): UserError {
  const { name, place } = override;
  return place
    ? new UserError(message, { ...options, place: place(inside, atKey), exitStatus: 2 })
    : new UserError(`${name}: ${message}`, { ...options, exitStatus: 2 });
}

/**
 * Reads `training.epochs=2`: a path with list positions in brackets (`model.encoder.units[0]`), and a value in
 * JSON, or plain text where it is no JSON.
 */
export function parseOverride(text: string): Override {
  const name = `--set ${printable(text.length <= 200 ? text : `${text.slice(0, 200)}...`)}`;
  const fail = (message: string, ...notes: string[]) =>
    new UserError(`${name}: ${message}`, { notes, exitStatus: 2 });

  const equals = text.indexOf("=");
  if (equals < 0) throw fail("a value is missing", "Write it as --set training.epochs=2.");
  const written = text.slice(0, equals);
  const path = parsePath(written);
  if (!path) {
    throw fail("the path cannot be read", "Keys are joined by dots: --set model.encoder.units[0]=256.");
  }
  return { name, path, value: readValue(text.slice(equals + 1), fail) };
}

/** Reads `model.encoder.units[0]`; undefined where that cannot be. */
export function parsePath(text: string): Path | undefined {
  if (!/^[^.[\]]+(\.[^.[\]]+|\[\d{1,6}\])*$/.test(text)) return undefined;
  return text.split(/[.[\]]+/).filter(Boolean).map((part) => /^\d{1,6}$/.test(part) ? Number(part) : part);
}

function readValue(text: string, fail: (message: string, ...notes: string[]) => UserError): unknown {
  try {
    return readJson(text, "--set").value;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const meantAsJson = /^\s*[[{"]/.test(text);
    if (meantAsJson || !text.isWellFormed()) throw fail(error.message, ...error.notes);
    return text;
  }
}

/** A copy of a spec's raw value with all overrides applied, in order. */
export function applyOverrides(root: unknown, overrides: readonly Override[]): unknown {
  const result = structuredClone(root);
  for (const override of overrides) set(result, override);
  return result;
}

function set(root: unknown, override: Override): void {
  const { path, value } = override;
  let container = root;
  for (const [depth, part] of path.entries()) {
    const here = path.slice(0, depth);
    checkContainer(container, part, override, here);
    const record = container as Record<string | number, unknown>;
    const last = depth === path.length - 1;
    if (last) define(record, part, structuredClone(value));
    else if (!Object.hasOwn(record, part)) define(record, part, startOf([...here, part], root));
    container = record[part];
  }
}

function checkContainer(container: unknown, part: string | number, override: Override, here: Path): void {
  const fail = (message: string, note: string) => overrideError(override, message, { notes: [note] });
  if (Array.isArray(container)) {
    if (typeof part === "number" && part < container.length) return;
    const positions = container.length === 1 ? "0" : `0 to ${container.length - 1}`;
    throw fail(
      `${pathName(here)} is a list of ${container.length}, which has no ${
        typeof part === "number" ? `position ${part}` : `key ${shown(part)}`
      }`,
      container.length > 0
        ? `Allowed: ${pathName(here)}[${positions}], or the whole list: ${pathName(here)}=[...].`
        : `Next: set the whole list: ${pathName(here)}=[...].`,
    );
  }
  if (typeof container !== "object" || container === null) {
    throw fail(
      `${pathName(here)} is ${shown(container)}, which has no keys`,
      `Next: set ${pathName(here)}.`,
    );
  }
  if (typeof part === "number") {
    throw fail(
      `${pathName(here)} is no list in the spec`,
      `Next: set the whole list: ${pathName(here)}=[...].`,
    );
  }
}

/** What an object that the file leaves out holds by default, as far as it picks a union's variant. */
function startOf(path: Path, root: unknown): unknown {
  const schema = schemaAt(experimentJsonSchema(), path, root);
  const tag = schema && discriminator(schema);
  const byDefault = schema?.default as Record<string, unknown> | undefined;
  return tag !== undefined && byDefault ? { [tag]: byDefault[tag] } : {};
}

/** Assigning to `__proto__` would change the prototype instead. */
function define(record: object, key: string | number, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}
