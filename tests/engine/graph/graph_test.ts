import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import type { Value } from "../../../pipeline/engine/graph/value.ts";
import { show } from "../graphs.ts";

const graph = new Graph();
const x = graph.input("x", [2, 3]), y = graph.input("y", [2, 3]), row = graph.input("row", [3]);
const one = graph.input("one", [1, 1]), square = graph.input("square", [3, 3]);
const filled = (number: number, shape: readonly number[] = []) => graph.fill(number, shape);

Deno.test("equal values are one value", () => {
  assert.equal(graph.add(x, y), graph.add(x, y));
  assert.notEqual(graph.add(x, y), graph.add(y, x));
  assert.equal(graph.fill(0.1, [2]), graph.fill(Math.fround(0.1), [2]));
  assert.notEqual(graph.fill(0, []), graph.fill(-0, []));
  assert.equal(graph.fill(NaN, []), graph.fill(NaN, []));
  assert.equal(graph.constant([7, 7], [2], "float32"), graph.fill(7, [2]));
});

Deno.test("a constant keeps what it was made of, and can be taken over into another graph", () => {
  const data = [1, 2, 3];
  const constant = graph.constant(data, [3], "float32");
  data[0] = 9;
  assert.deepEqual(Array.from(constant.data!), [1, 2, 3]);
  const other = new Graph();
  for (const value of [constant, filled(4, [2, 2]), graph.integers([0, 0]), graph.integers([5])]) {
    const { op, data, shape, dtype } = other.adopt(value);
    assert.deepEqual({ op, data: Array.from(data!), shape, dtype }, {
      op: value.op,
      data: Array.from(value.data!),
      shape: value.shape,
      dtype: value.dtype,
    });
  }
});

const CASES: Record<string, readonly [Value, string, readonly number[]]> = {
  "a known number is computed at once": [graph.add(filled(2), filled(3, [4])), "5", [4]],
  "adding 0 is nothing": [graph.add(x, filled(0)), "x", [2, 3]],
  "adding 0 of another shape is a broadcast": [graph.add(row, filled(0, [2, 3])), "Expand(row, [2,3])", [
    2,
    3,
  ]],
  "multiplying by 1 is nothing": [graph.multiply(filled(1), x), "x", [2, 3]],
  "multiplying by 0 is 0": [graph.multiply(x, filled(0)), "0", [2, 3]],
  "multiplying by -1 is a sign": [graph.multiply(x, filled(-1)), "Neg(x)", [2, 3]],
  "factors become one": [graph.multiply(graph.multiply(x, filled(2)), filled(3)), "Mul(x, 6)", [2, 3]],
  "dividing by a number is multiplying": [graph.divide(x, filled(4)), "Mul(x, 0.25)", [2, 3]],
  "a sign becomes a difference": [graph.add(x, graph.negate(y)), "Sub(x, y)", [2, 3]],
  "two signs are none": [graph.subtract(x, graph.negate(y)), "Add(x, y)", [2, 3]],
  "a broadcast comes after the function": [
    graph.unary("Exp", graph.expand(row, [2, 3])),
    "Expand(Exp(row), [2,3])",
    [2, 3],
  ],
  "an operator broadcasts for nothing": [graph.add(x, graph.expand(row, [2, 3])), "Add(x, row)", [2, 3]],
  "one number broadcasts as a scalar": [graph.multiply(x, one), "Mul(x, Reshape(one, []))", [2, 3]],
  "reshapes become one": [graph.reshape(graph.reshape(x, [6]), [3, 2]), "Reshape(x, [3,2])", [3, 2]],
  "a reshape and back is nothing": [graph.reshape(graph.reshape(x, [6]), [2, 3]), "x", [2, 3]],
  "transposes become one": [graph.transpose(graph.transpose(x, [1, 0]), [1, 0]), "x", [2, 3]],
  "a transpose of what has one long axis is a reshape": [
    graph.transpose(graph.reshape(row, [1, 3]), [1, 0]),
    "Reshape(row, [3,1])",
    [3, 1],
  ],
  "a split undoes a concatenation": [graph.split(graph.concat([x, square], 0), [2, 3], 0)[1]!, "square", [
    3,
    3,
  ]],
  "a slice of everything is nothing": [graph.slice(x, [0, 0], [2, 3]), "x", [2, 3]],
  "a sum over axes of length 1 is a reshape": [graph.sum(one, [0]), "Reshape(one, [1])", [1]],
  "a sum of a known number is a product": [graph.sum(filled(2, [3, 4]), [1]), "8", [3]],
  "transposes become a product's flags": [
    graph.matMul(graph.transpose(x, [1, 0]), graph.transpose(square, [1, 0]), true, false),
    "Gemm{transA:0,transB:1}(x, square)",
    [2, 3],
  ],
  "a transposed product is the product turned around": [
    graph.transpose(graph.matMul(x, square), [1, 0]),
    "Gemm{transA:1,transB:1}(square, x)",
    [3, 2],
  ],
  "a product over one number is no product": [
    graph.gemm(graph.reshape(row, [3, 1]), graph.reshape(row, [1, 3]), false, false),
    "Mul(Reshape(row, [3,1]), Reshape(row, [1,3]))",
    [3, 3],
  ],
  "a batch times one matrix is one product": [
    graph.matMul(graph.reshape(x, [2, 1, 3]), square),
    "Reshape(Gemm{transA:0,transB:0}(x, square), [2,1,3])",
    [2, 1, 3],
  ],
  "a bias is added next to its product": [
    graph.add(graph.reshape(graph.matMul(x, square), [2, 1, 3]), row),
    "Reshape(Add(Gemm{transA:0,transB:0}(x, square), row), [2,1,3])",
    [2, 1, 3],
  ],
};

for (const [what, [value, expression, shape]] of Object.entries(CASES)) {
  Deno.test(`in a graph, ${what}`, () => {
    assert.equal(show(value), expression);
    assert.deepEqual([...value.shape], shape);
  });
}

Deno.test("a graph refuses shapes that do not fit", () => {
  assert.throws(() => graph.add(x, graph.input("z", [2])), /Cannot broadcast \[2,3\] and \[2\]/);
  assert.throws(() => graph.reshape(x, [4]), /Cannot reshape \[2,3\] to \[4\]/);
  assert.throws(
    () => graph.matMul(x, x),
    /Cannot multiply matrices of \[2,3\] and \[2,3\]: inner sides differ/,
  );
  assert.throws(() => graph.matMul(x, square, true), /of \[2,3\] transposed and \[3,3\]/);
});
