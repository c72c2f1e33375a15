/** A notebook as Jupyter keeps it (nbformat 4); of what it holds, what is read here. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
}

/** A cell. */
export interface NotebookCell {
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly metadata: { readonly tags?: readonly string[] };
}

/** The name under which a program finds what it tells of its cells. */
export const CELLS = "reparam.notebook.cells";

/** What a program tells of its cells, by their place in the notebook. */
export interface CellListener {
  /** A cell begins. */
  begin(cell: number): void;
  /** The value of its last expression. */
  value(value: unknown): void;
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor;

function isValid(code: string): boolean {
  try {
    return new AsyncFunction(code) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Makes one module of a notebook's code, cell after cell, which share their variables as they do in a kernel. Where a
 * cell ends in an expression that begins on a line of its own, its value is told. Imports by relative paths are of
 * files beside the notebook.
 *
 * @param place the notebook
 * @param given code that runs after the cell with the tag `parameters`
 */
export function programOf({ cells }: Notebook, place: URL, given: string): string {
  const imports: string[] = [];
  const body = cells.flatMap(({ cell_type, source, metadata: { tags = [] } }, i) => {
    if (cell_type !== "code") return [];
    const lines = source.join("").split("\n");
    imports.push(...lines.filter(isImport).map((line) => resolved(line, place)));
    const code = withValueTold(lines.filter((line) => !isImport(line)));
    return [`__cells.begin(${i});`, code, ...(tags.includes("parameters") ? [given] : [])];
  });
  return [...imports, `const __cells = globalThis[Symbol.for("${CELLS}")];`, ...body].join("\n");
}

function isImport(line: string): boolean {
  return /^import\b.*\bfrom\b/.test(line);
}

function resolved(line: string, place: URL): string {
  return line.replace(/"(\.{1,2}\/[^"]*)"/, (_, path) => JSON.stringify(new URL(path, place).href));
}

function withValueTold(lines: readonly string[]): string {
  for (let from = lines.length - 1; from >= 0; from--) {
    const before = lines.slice(0, from).join("\n");
    const last = lines.slice(from).join("\n").trim().replace(/;$/, "");
    if (last === "" || !isValid(before)) continue;
    if (isValid(`return (${last}\n)`)) return `${before}\n__cells.value((${last}\n));`;
  }
  return lines.join("\n");
}
