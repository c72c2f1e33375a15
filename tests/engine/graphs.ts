import type { Value } from "../../pipeline/engine/graph/value.ts";

/**
 * A value as an expression: `Gemm{transA:0,transB:1}(x, [3,1])`. Inputs go by their names, constants by their entries,
 * and one number that fills a tensor by itself.
 */
export function show(value: Value): string {
  const { op, operands, attributes, name, data } = value;
  if (op === "Input") return name!;
  if (op === "Constant") return `[${Array.from(data!)}]`;
  if (op === "Fill") return String(data![0]);
  const listed = Object.entries(attributes).map(([key, attribute]) =>
    `${key}:${typeof attribute === "object" && "float" in attribute ? attribute.float : attribute}`
  );
  return `${op}${listed.length > 0 ? `{${listed.join()}}` : ""}(${operands.map(show).join(", ")})`;
}
