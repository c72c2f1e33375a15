import { type CellListener, CELLS } from "./program.ts";

/**
 * Runs the program of a notebook in a process of its own, with the parts of Deno's kernel that notebooks use, and writes
 * what its cells show as JSON.
 *
 *     deno run -A run.ts PROGRAM OUTPUT
 */

/** What a cell shows, by media type. */
export type Media = Readonly<Record<string, string>>;

/** What the cells of a notebook show, by their place; of what is drawn anew the last. */
export type Shown = Readonly<Record<number, readonly Media[]>>;

/** The name by which a kernel asks a value how it looks. */
const DISPLAY = Symbol.for("Jupyter.display");

/** Gathers what is shown. */
class Outputs implements CellListener {
  readonly #shown = new Map<number, { readonly id: string | undefined; readonly media: unknown }[]>();
  #cell = 0;

  begin(cell: number): void {
    this.#cell = cell;
    this.#shown.set(cell, []);
  }

  value(value: unknown): void {
    this.display(value);
  }

  display(value: unknown, { display_id: id }: { readonly display_id?: string } = {}): Promise<void> {
    const show = (value as Record<symbol, () => unknown> | null | undefined)?.[DISPLAY];
    if (!show) return Promise.resolve();
    const media = show.call(value);
    const all = [...this.#shown.values()];
    const outputs = all.find((outputs) => id !== undefined && outputs.some((output) => output.id === id)) ??
      this.#shown.get(this.#cell)!;
    const at = outputs.findIndex((output) => id !== undefined && output.id === id);
    outputs.splice(at < 0 ? outputs.length : at, at < 0 ? 0 : 1, { id, media });
    return Promise.resolve();
  }

  async shown(): Promise<Shown> {
    const cells = await Promise.all(
      [...this.#shown].map(async ([cell, outputs]) =>
        [cell, await Promise.all(outputs.map(async ({ media }) => await media as Media))] as const
      ),
    );
    return Object.fromEntries(cells);
  }
}

if (import.meta.main) {
  const [program, output] = Deno.args as [string, string];
  const outputs = new Outputs();
  const md = (strings: TemplateStringsArray, ...values: unknown[]) => ({
    [DISPLAY]: () => ({ "text/markdown": String.raw({ raw: strings }, ...values) }),
  });
  // Outside of a kernel Deno.jupyter throws, and cannot be replaced in place.
  const jupyter = { value: { md, display: outputs.display.bind(outputs) } };
  Object.defineProperty(globalThis, "Deno", { value: Object.create(Deno, { jupyter }) });
  Object.assign(globalThis, { [Symbol.for(CELLS)]: outputs });
  await import(program);
  await Deno.writeTextFile(output, JSON.stringify(await outputs.shown()));
}
