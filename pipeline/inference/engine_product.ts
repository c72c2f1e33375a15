import type { CompiledFunction, Engine } from "../engine/engine.ts";
import type { Matrix, MatrixProduct } from "../metrics/matrix.ts";
import { tf } from "../engine/tfjs.ts";

/** Matrix products by the engine, one program for each combination of shapes. */
export function engineProduct(engine: Engine): MatrixProduct {
  const parameters = engine.parameters([]);
  const programs = new Map<string, CompiledFunction>();
  const compile = (a: Matrix, b: Matrix, transpose: "a" | "b" | undefined) =>
    engine.compileFunction({
      parameters,
      inputs: { a: [a.rows, a.columns], b: [b.rows, b.columns] },
      fn: ({ a, b }) => ({
        product: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transpose === "a", transpose === "b"),
      }),
    });
  return (a, b, transpose) => {
    const key = [a.rows, a.columns, b.rows, b.columns, transpose].join();
    let program = programs.get(key);
    if (!program) programs.set(key, program = compile(a, b, transpose));
    program.inputs.a!.set(a.data);
    program.inputs.b!.set(b.data);
    return {
      rows: transpose === "a" ? a.columns : a.rows,
      columns: transpose === "b" ? b.rows : b.columns,
      data: program.run().product!,
    };
  };
}
