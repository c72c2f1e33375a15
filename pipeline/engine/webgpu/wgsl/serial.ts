import type { Value } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import type { Profile } from "../profile.ts";
import { TensorPlace } from "./tensor_place.ts";
import { type GpuKernel, inARow } from "./kernel.ts";
import { type Memories, TensorTable } from "./loop.ts";
import { Reader } from "./reader.ts";
import { Source } from "./source.ts";

/** Operators that look at all entries along an axis one after the other, a thread for each entry of the result. */
export function serialKernel(value: Value, memories: Memories, { width }: Profile): GpuKernel {
  const source = new Source(), places = new TensorTable(memories), reader = new Reader(source, places);
  const { groups, thread } = inARow(sizeOf(value.shape), width);
  const [x] = value.operands as [Value];
  const at = new TensorPlace(source, value.shape, { linear: "i" });
  const entryAt = (axis: number, place: string, keepsAxis: boolean) => {
    const axes = keepsAxis ? at.axes.with(axis, place) : at.axes.toSpliced(axis, 0, place);
    return reader.read(x, new TensorPlace(source, x.shape, { axes }));
  };
  SERIAL[value.op]!(source, value, at, entryAt);
  source.add(`${memories.memory(value)}[to_0 + i] = result;`);
  return {
    what: `[${value.shape}]: ${value.op}`,
    body: `let i = ${thread};\nif (i >= ${sizeOf(value.shape)}u) { return; }\n${source}`,
    shared: [],
    reads: places.reads,
    writes: [value],
    groups,
  };
}

type Serial = (
  source: Source,
  value: Value,
  at: TensorPlace,
  entryAt: (axis: number, place: string, keepsAxis: boolean) => string,
) => void;

const argument = (sign: string): Serial => (source, { operands: [x], attributes }, _, entryAt) => {
  const axis = attributes.axis as number;
  source.add("var result = 0f; var best = 0f;");
  source.block(`for (var n = 0u; n < ${x!.shape[axis]}u; n++)`, () => {
    const entry = entryAt(axis, "n", attributes.keepdims === 1);
    source.add(`if (n == 0u || ${entry} ${sign} best) { best = ${entry}; result = f32(n); }`);
  });
};

const SERIAL: Readonly<Partial<Record<Value["op"], Serial>>> = {
  ArgMax: argument(">"),
  ArgMin: argument("<"),
  CumSum(source, { operands: [x, axisOf], attributes }, at, entryAt) {
    const axis = axisOf!.data![0]!, side = x!.shape[axis]!;
    const here = at.axis(axis);
    const [from, to] = attributes.reverse === 1
      ? [attributes.exclusive === 1 ? `${here} + 1u` : here, `${side}u`]
      : ["0u", attributes.exclusive === 1 ? here : `${here} + 1u`];
    source.add("var result = 0f;");
    source.block(`for (var n = ${from}; n < ${to}; n++)`, () => {
      source.add(`result += ${entryAt(axis, "n", true)};`);
    });
  },
};

/** Whether there is a kernel for the operator. */
export function isSerial({ op }: Value): boolean {
  return SERIAL[op] !== undefined;
}
