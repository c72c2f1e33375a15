import type { CompiledFunction, Engine } from "../engine/engine.ts";
import type { Matrix, MatrixProduct } from "../metrics/matrix.ts";
import { tf } from "../engine/tfjs.ts";

/** Values in a program's inputs from which on it is not kept beside others: 64 MB. */
const LARGE = 2 ** 24;

/**
 * Matrix products by the engine, one program for each combination of shapes. Of those with large inputs the last alone
 * is kept; a matrix that is multiplied by itself is one input.
 */
export function engineProduct(engine: Engine): MatrixProduct {
  const parameters = engine.parameters([]);
  const programs = new Map<string, CompiledFunction>();
  let large: { readonly key: string; readonly program: CompiledFunction } | undefined;
  const compile = (a: Matrix, b: Matrix, transpose: "a" | "b" | undefined) =>
    engine.compileFunction({
      parameters,
      inputs: { a: [a.rows, a.columns], ...(a === b ? {} : { b: [b.rows, b.columns] }) },
      fn: ({ a, b = a }) => ({
        product: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transpose === "a", transpose === "b"),
      }),
    });
  const programOf = (a: Matrix, b: Matrix, transpose: "a" | "b" | undefined) => {
    const key = [a.rows, a.columns, b.rows, b.columns, transpose, a === b].join();
    const known = large?.key === key ? large.program : programs.get(key);
    if (known) return known;
    const isLarge = a.data.length + b.data.length >= LARGE;
    if (isLarge) {
      large?.program.dispose();
      large = undefined;
    }
    const program = compile(a, b, transpose);
    if (isLarge) large = { key, program };
    else programs.set(key, program);
    return program;
  };
  return (a, b, transpose) => {
    const program = programOf(a, b, transpose);
    program.inputs.a!.set(a.data);
    program.inputs.b?.set(b.data);
    return {
      rows: transpose === "a" ? a.columns : a.rows,
      columns: transpose === "b" ? b.rows : b.columns,
      data: program.run().product!,
    };
  };
}
