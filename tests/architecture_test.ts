import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "./graph/toy_project.ts";
import { productModules, withoutComments } from "./support/modules.ts";

/** A row of the table of rooms in docs/architecture.md. */
interface Room {
  /** Folders, or files of `pipeline/` itself. */
  readonly names: readonly string[];
  /** Rooms that it may import from. */
  readonly knows: { readonly these: readonly string[] } | { readonly allBut: readonly string[] };
  /** Words that its code does not use. */
  readonly silent: readonly string[];
}

const MODULES = productModules();
const ROOMS = readRooms();

function readRooms(): Room[] {
  const text = Deno.readTextFileSync(join(ROOT, "docs/architecture.md"));
  const section = text.slice(text.indexOf("## Rooms"), text.indexOf("\n## ", text.indexOf("## Rooms") + 1));
  const quoted = (cell: string) =>
    Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name!.replace(/\/$/, ""));
  return section.split("\n").filter((line) => line.startsWith("| `")).map((line) => {
    const [, names, , knows, silent] = line.split("|") as [string, string, string, string, string];
    return {
      names: quoted(names).map((name) => name.replace(/^pipeline\//, "")),
      knows: knows.includes("everything") ? { allBut: quoted(knows) } : { these: quoted(knows) },
      silent: silent.replaceAll("`", "").split(",").map((word) => word.trim()).filter((word) => word !== ""),
    };
  });
}

function mayImport({ names, knows }: Room, other: string): boolean {
  if (names.includes(other)) return true;
  return "these" in knows ? knows.these.includes(other) : !knows.allBut.includes(other);
}

function roomOf(path: string): string {
  const [, first] = path.split("/") as [string, string];
  return first;
}

function ruleOf(room: string): Room {
  const rule = ROOMS.find(({ names }) => names.includes(room));
  assert.ok(rule, `docs/architecture.md has no row for pipeline/${room}`);
  return rule;
}

Deno.test("every room of pipeline/ stands in the table of docs/architecture.md, and no other", () => {
  const there = new Set(MODULES.map(({ path }) => roomOf(path)));
  const told = ROOMS.flatMap(({ names }) => names);
  assert.deepEqual([...there].sort(), told.toSorted());
});

Deno.test("a room imports from the rooms that the table says it knows, and from no others", () => {
  const wrong = MODULES.flatMap(({ path, imports }) => {
    const room = roomOf(path);
    const rule = ruleOf(room);
    return imports.map(roomOf).filter((other) => !mayImport(rule, other))
      .map((other) => `${path} imports from ${other}/`);
  });
  assert.deepEqual(wrong, []);
});

Deno.test("a room's code does not use the words of what it knows nothing of", () => {
  const wrong = MODULES.flatMap(({ path, text }) => {
    const code = withoutComments(text).toLowerCase();
    return ruleOf(roomOf(path)).silent.filter((word) => code.includes(word.toLowerCase()))
      .map((word) => `${path} says "${word}"`);
  });
  assert.deepEqual(wrong, []);
});

Deno.test("no files import each other in a circle", () => {
  assert.deepEqual(circles(new Map(MODULES.map(({ path, imports }) => [path, imports]))), []);
});

Deno.test("no folders import each other in a circle", () => {
  const graph = new Map<string, string[]>();
  for (const { path, imports } of MODULES) {
    const room = roomOf(path);
    graph.set(room, [...graph.get(room) ?? [], ...imports.map(roomOf).filter((other) => other !== room)]);
  }
  assert.deepEqual(circles(graph), []);
});

/** Groups of nodes that reach each other (Tarjan, 1972). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string) => {
    order.set(node, order.size);
    low.set(node, order.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== order.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group.sort());
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}
