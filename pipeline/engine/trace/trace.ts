import type { Shape } from "../../base/shape.ts";
import { checkScalars } from "../definition.ts";
import type { NamedTensors } from "../engine.ts";
import { Graph } from "../graph/graph.ts";
import type { Value } from "../graph/value.ts";
import { verifyGraph } from "../graph/verify.ts";
import { withoutRandomness } from "../guard.ts";
import { tf } from "../tfjs.ts";
import { groupsOf } from "../update/groups.ts";
import type { VariableGroup } from "../update/rule.ts";
import { BACKEND, backend } from "./backend.ts";
import { unknownToEngine } from "./unknown.ts";
import "./arrange.ts";
import "./convolution.ts";
import "./elementwise.ts";
import "./linear.ts";
import "./pool.ts";
import "./reduce.ts";

/** A function as a graph: its inputs, the variables it reads (by name) and its results. */
export interface Trace {
  readonly graph: Graph;
  readonly results: Readonly<Record<string, Value>>;
}

/** The variables that may occur, and where their values are. */
export interface TracedVariables {
  readonly variables: readonly tf.Variable[];
  /** A variable's present value, for whoever reads it eagerly after the trace. */
  latest(name: string): Float32Array;
  /** Whether what is bound to the graph's input (and taken from its gradient) is the matrix transposed. */
  isTransposed(name: string): boolean;
}

type Inputs = Readonly<Record<string, Shape>>;

/** Calls `fn` once with symbols. Inputs keep their names in the graph; a variable's is `parameter/NAME`. */
export function traceFunction(
  variables: TracedVariables,
  inputs: Inputs,
  fn: (inputs: NamedTensors) => NamedTensors,
): Trace {
  return tracing(variables, inputs, (symbols) => valuesOf(withoutRandomness(() => fn(symbols))));
}

/**
 * Calls `step` with symbols, once for each group of variables: equal values are one, so nothing is computed twice.
 * Results are its scalars and the gradients of each group's loss with respect to its variables, named `gradient/NAME`;
 * a variable that the loss does not reach has none.
 */
export function traceStep(
  variables: TracedVariables,
  inputs: Inputs,
  step: (inputs: NamedTensors) => NamedTensors,
  groups: readonly VariableGroup[] = groupsOf({}, variables.variables.map(({ name }) => name)),
): Trace {
  return tracing(variables, inputs, (symbols, graph) => {
    const results: Record<string, Value> = {};
    for (const group of groups) {
      const { grads } = tf.variableGrads(() => {
        const scalars = withoutRandomness(() => step(symbols));
        checkScalars(scalars, groups);
        Object.assign(results, valuesOf(scalars));
        return scalars[group.loss]!;
      }, variables.variables.filter(({ name }) => group.variables.includes(name)));
      for (const [name, gradient] of Object.entries(grads)) {
        if (gradient === null) continue;
        const value = backend.value(gradient);
        results[gradientName(name)] = variables.isTransposed(name) ? graph.transpose(value, [1, 0]) : value;
      }
    }
    return results;
  });
}

/** What a variable is called in a graph. */
export const parameterName = (variable: string) => `parameter/${variable}`;
/** What a variable's gradient is called among a step's results. */
export const gradientName = (variable: string) => `gradient/${variable}`;
/** What an input is called in a program's memory. */
export const inputName = (input: string) => `input/${input}`;

function valuesOf(tensors: NamedTensors): Record<string, Value> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, backend.value(tensor)]));
}

function tracing(
  variables: TracedVariables,
  inputs: Inputs,
  body: (symbols: NamedTensors, graph: Graph) => Record<string, Value>,
): Trace {
  const outside = tf.getBackend();
  const graph = backend.graph = new Graph();
  for (const { dataId, name, shape } of variables.variables) {
    const value = variables.isTransposed(name)
      ? graph.transpose(graph.input(parameterName(name), shape.toReversed()), [1, 0])
      : graph.input(parameterName(name), shape);
    backend.parameters.set(dataId, { value, read: () => variables.latest(name) });
  }
  refuseUnknownKernels();
  useBackend(BACKEND);
  try {
    let results: Record<string, Value> = {};
    tf.engine().tidy(() => {
      const symbols = Object.fromEntries(
        Object.entries(inputs).map(([name, shape]) => {
          const symbol = backend.tensor(graph.input(inputName(name), shape));
          return [name, tf.engine().makeTensorFromTensorInfo(symbol, backend)];
        }),
      );
      results = body(symbols, graph);
    });
    verifyGraph(Object.values(results)); // a loop that reads past its tensors' ends would not fail
    return { graph, results };
  } finally {
    useBackend(outside);
    backend.parameters.clear();
    backend.graph = new Graph();
  }
}

/** `tf.setBackend` is asynchronous for backends that start so; those that are running are in place at once. */
function useBackend(name: string): void {
  void tf.setBackend(name);
  if (tf.getBackend() !== name) throw new Error(`Cannot switch to the tfjs backend "${name}"`);
}

/** Kernels that tfjs has and the tracer has not say so by name, with the line of the caller's that needs them. */
function refuseUnknownKernels(): void {
  for (const { kernelName } of tf.getKernelsForBackend("cpu")) {
    if (tf.getKernel(kernelName, BACKEND)) continue;
    unknownKernels.add(kernelName);
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: () => {
        throw unknownToEngine(`the tfjs kernel ${kernelName}`, kernelName, knownKernels());
      },
    });
  }
}

const unknownKernels = new Set<string>();

/** Those that one calls by a name; the others are parts of gradients. */
function knownKernels(): string[] {
  return tf.getKernelsForBackend(BACKEND).map(({ kernelName }) => kernelName)
    .filter((name) => !unknownKernels.has(name) && !/Grad$|Backprop|Fused/.test(name)).sort();
}
