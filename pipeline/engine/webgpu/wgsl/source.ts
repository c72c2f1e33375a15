/** The source of one kernel under construction: statements in order, and what they can refer to. */
export class Source {
  readonly lines: string[] = [];
  readonly #known = new Map<string, string>();
  #names = 0;

  /** A new name. */
  name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  add(line: string): void {
    this.lines.push(line);
  }

  /** The name of an expression's value, computed once within a block. */
  let(expression: string, prefix = "v"): string {
    if (/^\w+$/.test(expression)) return expression;
    const known = this.#known.get(expression);
    if (known !== undefined) return known;
    const name = this.name(prefix);
    this.add(`let ${name} = ${expression};`);
    this.#known.set(expression, name);
    return name;
  }

  /** Statements of an inner block: what is named there is not known behind it. */
  block(head: string, body: () => void): void {
    const before = new Map(this.#known);
    this.add(`${head} {`);
    body();
    this.add("}");
    this.#known.clear();
    for (const [expression, name] of before) this.#known.set(expression, name);
  }

  toString(): string {
    return this.lines.join("\n");
  }
}

/** a + b of whole numbers, where either may be known. */
export function plus(a: string, b: string): string {
  if (a === "0u") return b;
  if (b === "0u") return a;
  if (isNumber(a) && isNumber(b)) return `${Number.parseInt(a) + Number.parseInt(b)}u`;
  return `(${a} + ${b})`;
}

/** a times a whole number. */
export function times(a: string, factor: number): string {
  if (factor === 0 || a === "0u") return "0u";
  if (factor === 1) return a;
  return isNumber(a) ? `${Number.parseInt(a) * factor}u` : `${a} * ${factor}u`;
}

const isNumber = (text: string) => /^\d+u$/.test(text);

/** A float32 as it stands in WGSL, which has no literals for infinities and NaN. */
export function float(number: number): string {
  const value = Math.fround(number);
  if (Number.isNaN(value)) return "bitcast<f32>(nan_bits)";
  if (value === Infinity) return "bitcast<f32>(infinity_bits)";
  if (value === -Infinity) return "(-bitcast<f32>(infinity_bits))";
  if (Object.is(value, -0)) return "(-0f)";
  return value < 0 ? `(${value}f)` : `${value}f`;
}
