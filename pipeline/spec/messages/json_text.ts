import { type AnyNode, parse, type ValueNode } from "@humanwhocodes/momoa";
import { type Place, UserError } from "../../base/errors.ts";
import { shown } from "./expected.ts";
import { unexpectedAt } from "./json_hints.ts";
import type { Path } from "../../base/problem.ts";

/** No spec comes near; deeper nesting would overflow the parser's stack. */
const MAX_DEPTH = 64;

/** A JSON text that remembers where each of its values stands. */
export interface JsonText {
  readonly value: unknown;
  /** The place of a value, or of the innermost one around it that the text has. */
  place(path: Path): Place;
  /** The place of the key in front of a value. */
  keyPlace(path: Path): Place;
  /** Whether the text has a value at this path. */
  has(path: Path): boolean;
}

/**
 * Reads strict JSON (RFC 8259) that has no duplicate keys and only well-formed text.
 * Keys such as `__proto__` become ordinary properties.
 *
 * @throws UserError with the place of the first mistake
 */
export function readJson(text: string, file: string): JsonText {
  const source = text.replace(/^\uFEFF/, "");
  const problem = (place: Position, message: string, ...notes: string[]) =>
    new UserError(message, { place: at(file, place), notes, exitStatus: 2 });

  checkDepth(source, problem);
  const root = parseText(source, problem);
  const value = evaluate(root, source, problem);

  function find(path: Path): { node: ValueNode; key: AnyNode; found: boolean } {
    let node: ValueNode = root;
    let key: AnyNode = root;
    for (const part of path) {
      const child = childOf(node, part);
      if (!child) return { node, key, found: false };
      ({ node, key } = child);
    }
    return { node, key, found: true };
  }

  return {
    value,
    place: (path) => at(file, find(path).node.loc.start),
    keyPlace: (path) => at(file, find(path).key.loc.start),
    has: (path) => find(path).found,
  };
}

interface Position {
  readonly line: number;
  readonly column: number;
}
type MakeProblem = (place: Position, message: string, ...notes: string[]) => UserError;

function at(file: string, { line, column }: Position): Place {
  return { file, line, column };
}

function childOf(node: ValueNode, part: string | number): { node: ValueNode; key: AnyNode } | undefined {
  if (node.type === "Object") {
    const member = node.members.find((member) => keyOf(member.name) === part);
    return member && { node: member.value, key: member.name };
  }
  const element = node.type === "Array" && typeof part === "number" ? node.elements[part] : undefined;
  return element && { node: element.value, key: element.value };
}

function keyOf(name: AnyNode): string {
  if (name.type !== "String") throw new TypeError(`a JSON key is a ${name.type}`);
  return name.value;
}

function position(text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Counted before parsing, because the parser recurses. */
function checkDepth(text: string, problem: MakeProblem): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === "\\") i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") {
      if (++depth > MAX_DEPTH) {
        throw problem(
          position(text, i),
          `Objects and lists are nested too deeply: ${MAX_DEPTH} levels are allowed`,
        );
      }
    } else if (character === "}" || character === "]") depth--;
  }
}

function parseText(text: string, problem: MakeProblem): ValueNode {
  try {
    return parse(text, { mode: "json" }).body;
  } catch (error) {
    const offset = (error as { offset?: unknown }).offset;
    if (typeof offset !== "number") throw error;
    // The parser names the last token where the text ends too early.
    if (/end of input/i.test((error as Error).message)) {
      throw problem(
        position(text, text.trimEnd().length),
        "Invalid JSON: the text ends too early",
        text.trim() === "" ? "It must hold an object: { ... }." : 'A closing quote, "]" or "}" is missing.',
      );
    }
    // The parser names the sign of a number that it refuses.
    const { what, hint } = unexpectedAt(text, offset);
    throw problem(position(text, offset), `Invalid JSON: unexpected ${what}`, ...hint);
  }
}

function evaluate(node: ValueNode, text: string, problem: MakeProblem): unknown {
  switch (node.type) {
    case "Object": {
      const seen = new Map<string, Position>();
      const entries = node.members.map(({ name, value }) => {
        checkString(name, text, problem);
        const key = keyOf(name);
        const first = seen.get(key);
        if (first) {
          const where = `${first.line}:${first.column}`;
          throw problem(
            name.loc.start,
            `${shown(key)} stands here a second time`,
            `The first is at ${where}: keep one of the two.`,
          );
        }
        seen.set(key, name.loc.start);
        return [key, evaluate(value, text, problem)] as const;
      });
      return Object.fromEntries(entries); // defines own properties, "__proto__" too
    }
    case "Array":
      return node.elements.map((element) => evaluate(element.value, text, problem));
    case "String":
      checkString(node, text, problem);
      return node.value;
    case "Number":
      if (Number.isFinite(node.value)) return node.value;
      throw problem(node.loc.start, "The number is too large: 1.8e308 is the largest");
    case "Boolean":
      return node.value;
    case "Null":
      return null;
    default:
      throw new TypeError(`strict JSON has no ${node.type}`);
  }
}

/** The parser lets through control characters and lone surrogates, which no output file could carry. */
function checkString(node: AnyNode, text: string, problem: MakeProblem): void {
  const { start, end } = node.loc;
  // deno-lint-ignore no-control-regex
  if (/[\0-\x1f]/.test(text.slice(start.offset, end.offset))) {
    throw problem(
      start,
      "Invalid JSON: a control character in a text",
      "Write it as an escape: \\n, \\u0007.",
    );
  }
  if (!keyOf(node).isWellFormed()) {
    throw problem(start, "The text has half of a surrogate pair, which is no character");
  }
}
