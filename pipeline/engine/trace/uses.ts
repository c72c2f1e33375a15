import type { Shape } from "../../base/shape.ts";
import type { NamedTensors } from "../engine.ts";
import { tf } from "../tfjs.ts";
import { callWithZeros } from "./zeros.ts";
import { type TracedVariables, traceFunction } from "./trace.ts";

/** An operation that computes with what a function is given. */
export interface TracedOperation {
  /** tfjs's name of it: `Conv2D`. */
  readonly kernel: string;
  /** Names of the variables that it reads. */
  readonly variables: readonly string[];
  /** Its first operand that depends on what the function is given. */
  readonly operand: object;
  /** The shape of that. */
  readonly input: Shape;
  readonly result: object;
  readonly output: Shape;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What tfjs passes to its kernels; a list of tensors has numbers for names. */
type Operands = Readonly<Record<string, tf.Tensor | readonly tf.Tensor[] | undefined>>;

type Inputs = Readonly<Record<string, Shape>>;
type Fn = (inputs: NamedTensors) => NamedTensors;

/** The operations of a function, in the order in which it calls for them. Nothing is computed. */
export function tracedOperations(variables: TracedVariables, inputs: Inputs, fn: Fn): TracedOperation[] {
  return operationsOf(variables, (heard) => traceFunction(variables, inputs, heard(fn)));
}

/** The same of a function that cannot be traced: tfjs computes it with zeros. */
export function calledOperations(variables: TracedVariables, inputs: Inputs, fn: Fn): TracedOperation[] {
  return operationsOf(variables, (heard) => callWithZeros(inputs, heard(fn)));
}

/** Listens to tfjs while a function is called. @param call calls what `heard` makes of the function */
function operationsOf(variables: TracedVariables, call: (heard: (fn: Fn) => Fn) => void): TracedOperation[] {
  const operations: TracedOperation[] = [];
  const namesOf = new Map<object, ReadonlySet<string>>();
  for (const { dataId, name } of variables.variables) namesOf.set(dataId, new Set([name]));
  const given = new Set<object>();
  const engine = tf.engine();
  const { runKernel } = engine;
  const listen = function (kernel: string, operands: Operands, attributes: Record<string, unknown>) {
    const results = runKernel.call(
      engine,
      kernel,
      operands as tf.NamedTensorMap,
      attributes as tf.NamedAttrMap,
    );
    const tensors = Object.values(operands).flat().filter((operand) => operand instanceof tf.Tensor);
    const names = new Set(tensors.flatMap(({ dataId }) => [...namesOf.get(dataId) ?? []]));
    const operand = tensors.find(({ dataId }) => given.has(dataId));
    for (const result of [results].flat()) {
      if (operand) given.add(result.dataId);
      else namesOf.set(result.dataId, names);
    }
    const [first] = [results].flat();
    if (operand && first) {
      operations.push({
        kernel,
        variables: [...names],
        operand: operand.dataId,
        input: operand.shape,
        result: first.dataId,
        output: first.shape,
        attributes: attributes ?? {},
      });
    }
    return results;
  };
  engine.runKernel = listen as typeof engine.runKernel;
  try {
    call((fn) => (symbols) => {
      for (const { dataId } of Object.values(symbols)) given.add(dataId);
      return fn(symbols);
    });
  } finally {
    engine.runKernel = runKernel;
  }
  return operations;
}
