import type { Graph } from "../graph/graph.ts";
import type { Binary, Unary } from "../graph/operations.ts";
import type { Value } from "../graph/value.ts";
import { kernel } from "./backend.ts";
import { unknownToEngine } from "./unknown.ts";

const scalar = (graph: Graph, number: number, like?: Value) => graph.fill(number, [], like?.dtype);

// ---------------------------------------------------------------- arithmetic

kernel("Add", (graph, { a, b }) => graph.add(a!, b!));
kernel("AddN", (graph, operands) => Object.values(operands).reduce((a, b) => graph.add(a, b)));
kernel("Sub", (graph, { a, b }) => graph.subtract(a!, b!));
kernel("Multiply", (graph, { a, b }) => graph.multiply(a!, b!));
kernel("RealDiv", (graph, { a, b }) => graph.divide(a!, b!));
kernel("FloorDiv", (graph, { a, b }) => graph.unary("Floor", graph.binary("Div", a!, b!)));
kernel("Maximum", (graph, { a, b }) => graph.binary("Max", a!, b!, Math.max));
kernel("Minimum", (graph, { a, b }) => graph.binary("Min", a!, b!, Math.min));
kernel("Pow", (graph, { a, b }) => graph.binary("Pow", a!, b!, Math.pow));
kernel("SquaredDifference", (graph, { a, b }) => square(graph, graph.subtract(a!, b!)));

// ---------------------------------------------------------------- comparison and logic

const COMPARISONS: Record<string, [Binary, (a: number, b: number) => boolean]> = {
  Equal: ["Equal", (a, b) => a === b],
  Greater: ["Greater", (a, b) => a > b],
  GreaterEqual: ["GreaterOrEqual", (a, b) => a >= b],
  Less: ["Less", (a, b) => a < b],
  LessEqual: ["LessOrEqual", (a, b) => a <= b],
  LogicalAnd: ["And", (a, b) => a !== 0 && b !== 0],
  LogicalOr: ["Or", (a, b) => a !== 0 || b !== 0],
};
for (const [name, [op, fold]] of Object.entries(COMPARISONS)) {
  kernel(name, (graph, { a, b }) => graph.binary(op, a!, b!, (p, q) => Number(fold(p, q)), "bool"));
}
kernel("NotEqual", (graph, { a, b }) => graph.unary("Not", graph.binary("Equal", a!, b!, undefined, "bool")));
kernel("LogicalNot", (graph, { x }) => graph.unary("Not", x!, (value) => Number(!value)));
kernel("IsNan", (graph, { x }) => graph.node("IsNaN", [x!], x!.shape, "bool"));
kernel("Select", (graph, { condition, t, e }) => {
  const missing = t!.shape.length - condition!.shape.length; // tfjs: a vector chooses whole rows
  const aligned = missing > 0
    ? graph.reshape(condition!, [...condition!.shape, ...Array(missing).fill(1)])
    : condition!;
  return graph.node(
    "Where",
    [aligned, scalarIfFill(graph, t!), scalarIfFill(graph, e!)],
    t!.shape,
    t!.dtype,
  );
});

function scalarIfFill(graph: Graph, x: Value): Value {
  return x.op === "Fill" ? graph.fill(x.data![0]!, [], x.dtype) : x;
}

// ---------------------------------------------------------------- functions of one number

const FUNCTIONS: Record<string, [Unary, ((x: number) => number)?]> = {
  Abs: ["Abs", Math.abs],
  Ceil: ["Ceil", Math.ceil],
  Cos: ["Cos", Math.cos],
  Erf: ["Erf"],
  Exp: ["Exp", Math.exp],
  Floor: ["Floor", Math.floor],
  Log: ["Log", Math.log],
  Reciprocal: ["Reciprocal", (x) => 1 / x],
  Relu: ["Relu", (x) => Math.max(x, 0)],
  Round: ["Round"],
  Sigmoid: ["Sigmoid", (x) => 1 / (1 + Math.exp(-x))],
  Sign: ["Sign", Math.sign],
  Sin: ["Sin", Math.sin],
  Sqrt: ["Sqrt", Math.sqrt],
  Tanh: ["Tanh", Math.tanh],
};
for (const [name, [op, fold]] of Object.entries(FUNCTIONS)) {
  kernel(name, (graph, { x }) => graph.unary(op, x!, fold));
}

kernel("Identity", (_, { x }) => x!);
kernel("Neg", (graph, { x }) => graph.negate(x!));
kernel("Square", (graph, { x }) => square(graph, x!));
kernel(
  "Rsqrt",
  (graph, { x }) => graph.unary("Reciprocal", graph.unary("Sqrt", x!, Math.sqrt), (value) => 1 / value),
);
kernel("Cast", (graph, { x }, { dtype }) => graph.cast(x!, dtype));
kernel("ZerosLike", (graph, { x }) => graph.fill(0, x!.shape, x!.dtype));
kernel("OnesLike", (graph, { x }) => graph.fill(1, x!.shape, x!.dtype));
kernel("Fill", (graph, _, { value, shape, dtype }) => graph.fill(value, shape, dtype));
kernel("ClipByValue", (graph, { x }, { clipValueMin, clipValueMax }) => {
  const above = graph.binary("Max", x!, scalar(graph, clipValueMin), Math.max);
  return graph.binary("Min", above, scalar(graph, clipValueMax), Math.min);
});

// log(1 + x) and exp(x) - 1 without loss for small x, by the correction of the rounding error in 1 + x
// (Higham, Accuracy and Stability of Numerical Algorithms, 2002, sections 1.14.1 and 1.5).
kernel("Log1p", (graph, { x }) => {
  const one = scalar(graph, 1);
  const sum = graph.add(x!, one);
  const corrected = graph.multiply(
    graph.unary("Log", sum, Math.log),
    graph.binary("Div", x!, graph.subtract(sum, one)),
  );
  return graph.node("Where", [graph.binary("Equal", sum, one, undefined, "bool"), x!, corrected], x!.shape);
});
kernel("Expm1", (graph, { x }) => {
  const one = scalar(graph, 1);
  const power = graph.unary("Exp", x!, Math.exp);
  const less = graph.subtract(power, one);
  const corrected = graph.multiply(less, graph.binary("Div", x!, graph.unary("Log", power, Math.log)));
  // The correction is for the middle: it divides by 0 where exp(x) rounds to 1 and is infinite far out.
  const small = graph.binary("Less", graph.unary("Abs", x!, Math.abs), scalar(graph, 0.5), undefined, "bool");
  const inexact = graph.node("Where", [small, corrected, less], x!.shape);
  return graph.node("Where", [graph.binary("Equal", power, one, undefined, "bool"), x!, inexact], x!.shape);
});

// ---------------------------------------------------------------- activations

kernel("Step", (graph, { x }, { alpha }) => {
  // max(0, min(1, x times the largest number)): one pass, and a fast one.
  if (alpha === 0) {
    return graph.unary("HardSigmoid", x!, undefined, { alpha: { float: 3.4028234e38 }, beta: { float: 0 } });
  }
  const positive = graph.binary("Greater", x!, scalar(graph, 0), undefined, "bool");
  return graph.node("Where", [positive, scalar(graph, 1), scalar(graph, alpha)], x!.shape);
});
kernel("Softplus", (graph, { x }) => graph.unary("Softplus", x!));
kernel("Relu6", (graph, { x }) => graph.binary("Min", graph.unary("Relu", x!), scalar(graph, 6), Math.min));
kernel("Elu", (graph, { x }) => graph.unary("Elu", x!));
// y + 1 is the derivative where y < 0, and above 1 where it is not.
kernel("EluGrad", (graph, { dy, y }) => {
  const slope = graph.binary("Min", graph.add(y!, scalar(graph, 1)), scalar(graph, 1), Math.min);
  return graph.multiply(dy!, slope);
});
kernel("Selu", (graph, { x }) => graph.unary("Selu", x!));
kernel(
  "LeakyRelu",
  (graph, { x }, { alpha }) => graph.unary("LeakyRelu", x!, undefined, { alpha: { float: alpha } }),
);
kernel("Prelu", (graph, { x, alpha }) => {
  const zero = scalar(graph, 0);
  const below = graph.multiply(graph.binary("Min", x!, zero, Math.min), alpha!);
  return graph.add(graph.unary("Relu", x!), below);
});

/** The activation that tfjs's fused kernels name. */
export function activate(graph: Graph, x: Value, name: string | undefined, leakyReluAlpha?: number): Value {
  switch (name) {
    case undefined:
    case null:
    case "linear":
      return x;
    case "relu":
    case "sigmoid":
    case "elu": {
      const op = { relu: "Relu", sigmoid: "Sigmoid", elu: "Elu" } as const;
      return graph.unary(op[name], x);
    }
    case "leakyrelu":
      return graph.unary("LeakyRelu", x, undefined, { alpha: { float: leakyReluAlpha ?? 0.2 } });
    case "relu6":
      return graph.binary("Min", graph.unary("Relu", x), scalar(graph, 6), Math.min);
    default:
      throw unknownToEngine(`the fused activation "${name}"`);
  }
}

function square(graph: Graph, x: Value): Value {
  return graph.multiply(x, x);
}
