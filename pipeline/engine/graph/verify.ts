import { check, SPECIFICATIONS } from "./specifications.ts";
import { inOrder } from "./transform.ts";
import { type Attribute, sameShape, type Value } from "./value.ts";

/**
 * Holds a graph to what its operators mean: order, number and types of operands, attributes, and that each value has
 * the shape and type that follow from its operands.
 *
 * @param outputs whatever they are computed from is looked at too
 * @throws {Error} which names the first value that is wrong
 */
export function verifyGraph(outputs: readonly Value[]): void {
  for (const value of inOrder(outputs)) {
    try {
      verify(value);
    } catch (error) {
      const operands = value.operands.map((operand) => `#${operand.id} ${typeInWords(operand)}`).join(", ");
      throw new Error(
        `The graph is wrong: ${value.op}(${operands}) as #${value.id} ${typeInWords(value)}: ${
          (error as Error).message
        }`,
      );
    }
  }
}

function verify(value: Value): void {
  const { op, operands, attributes, shape, dtype } = value;
  const { operands: [least, most], attributes: kinds = {}, infer } = SPECIFICATIONS[op];
  check(shape.every(isCount), "a side of its shape is no whole number");
  check(operands.length >= least && operands.length <= most, () => `it has ${operands.length} operands`);
  for (const operand of operands) {
    check(operand.id < value.id, () => `its operand #${operand.id} comes after it`);
  }
  for (const [name, kind] of Object.entries(kinds)) {
    check(ATTRIBUTE_KINDS[kind](attributes[name]), () => `its attribute ${name} is no ${kind}`);
  }
  for (const name in attributes) check(name in kinds, () => `it has an attribute ${name}`);
  const expected = infer(value), expectedType = expected.dtype ?? operands[0]!.dtype;
  check(sameShape(shape, expected.shape), () => `its shape should be [${expected.shape}]`);
  check(dtype === expectedType, () => `its type should be ${expectedType}`);
}

const isCount = (side: number) => Number.isSafeInteger(side) && side >= 0;

const ATTRIBUTE_KINDS: Readonly<Record<string, (attribute: Attribute | undefined) => boolean>> = {
  integer: (attribute) => Number.isSafeInteger(attribute),
  integers: (attribute) => Array.isArray(attribute) && attribute.every(Number.isSafeInteger),
  float: (attribute) => typeof attribute === "object" && "float" in attribute,
};

function typeInWords({ dtype, shape }: Value): string {
  return `${dtype} [${shape}]`;
}
