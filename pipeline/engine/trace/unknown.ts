import { basename } from "node:path";
import { UserError } from "../../base/errors.ts";

/** What does the work of kernels of tfjs that are often wanted and that the engine has not. */
const INSTEAD: Readonly<Record<string, string>> = {
  DepthToSpace: "tf.transpose between two tf.reshape",
  DepthwiseConv2dNative: "tf.conv2d",
  Einsum: "tf.matMul of what tf.transpose and tf.reshape make",
  FlipLeftRight: "tf.reverse(x, 2)",
  MirrorPad: "tf.concat of what tf.slice and tf.reverse make",
  Mod: "tf.sub(x, tf.mul(tf.floorDiv(x, y), y))",
  ResizeBilinear: "tf.conv2dTranspose",
  ResizeNearestNeighbor: "tf.tile between two tf.reshape",
  Tan: "tf.div(tf.sin(x), tf.cos(x))",
  UnsortedSegmentSum: "tf.matMul(tf.oneHot(indices, rows), table) where tf.gather(table, indices) stands",
};

/** An operation of tfjs that cannot be traced, and so is known only to an engine that calls tfjs itself. */
export class UnknownOperation extends UserError {
  /** What it is and where it was called: "the tfjs kernel Tan, called at highway.ts:10:35". */
  readonly operation: string;

  /** Names the operation. @param notes what to do instead */
  constructor(operation: string, notes: readonly string[]) {
    super(`Cannot compile: the engine does not know ${operation}`, { notes });
    this.operation = operation;
  }
}

/**
 * What is thrown where an operation cannot be traced: with its name, where it was called, and what to write.
 *
 * @param what the operation
 * @param kernel its name among tfjs's kernels, where it has none here
 * @param known the kernels that can be traced
 */
export function unknownToEngine(what: string, kernel?: string, known: readonly string[] = []): UserError {
  const instead = INSTEAD[kernel ?? ""];
  return new UnknownOperation(`${what}, ${caller()}`, [
    ...(instead ? [`Next: use ${instead}.`] : known.length > 0 ? [`Allowed: ${known.join(", ")}.`] : []),
    "Or: --engine portable, which is slower, runs what tfjs runs, and exports no ONNX of such a model.",
  ]);
}

/** The innermost line of the stack that is neither in tfjs nor in the engine, unless the engine asked tfjs. */
function caller(): string {
  const here = new URL("..", import.meta.url).href;
  const frames = wholeStack().slice(1);
  const inTfjs = (frame: string) => frame.includes("/node_modules/") || frame.includes("<anonymous>");
  const frame = frames.slice(frames.findIndex(inTfjs)).find((frame) => !inTfjs(frame)) ?? "";
  const [, url, line, column] = /(file:\/\/\S+?):(\d+):(\d+)\)?$/.exec(frame) ?? [];
  if (url === undefined || url.startsWith(here)) return "called in the gradient of an operation";
  return `called at ${basename(url)}:${line}:${column}`;
}

/** Lines of the stack: more than the ten that are usual, most of which are tfjs's. */
function wholeStack(): string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 100;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack.split("\n");
}
