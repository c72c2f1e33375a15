import { UserError } from "../errors.ts";
import { shown } from "./expected.ts";
import { discriminator, schemaAt } from "./schema_tree.ts";
import { experimentJsonSchema } from "./json_schema.ts";
import { readJson } from "./json_text.ts";
import { type Path, pathName, printable } from "./problem.ts";

/** One `--set path=value` of the command line. */
export interface Override {
  /** As the user wrote it: `--set training.epochs=2`. */
  readonly name: string;
  readonly path: Path;
  readonly value: unknown;
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
  if (!/^[^.[\]]+(\.[^.[\]]+|\[\d{1,6}\])*$/.test(written)) {
    throw fail("the path cannot be read", "Keys are joined by dots: --set model.encoder.units[0]=256.");
  }
  const path = written.split(/[.[\]]+/).filter(Boolean).map((part) =>
    /^\d{1,6}$/.test(part) ? Number(part) : part
  );
  return { name, path, value: readValue(text.slice(equals + 1), fail) };
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

function set(root: unknown, { name, path, value }: Override): void {
  let container = root;
  for (const [depth, part] of path.entries()) {
    const here = path.slice(0, depth);
    checkContainer(container, part, name, here);
    const record = container as Record<string | number, unknown>;
    const last = depth === path.length - 1;
    if (last) define(record, part, structuredClone(value));
    else if (!Object.hasOwn(record, part)) define(record, part, startOf([...here, part], root));
    container = record[part];
  }
}

function checkContainer(container: unknown, part: string | number, name: string, here: Path): void {
  const fail = (message: string, note: string) =>
    new UserError(`${name}: ${message}`, { notes: [note], exitStatus: 2 });
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
