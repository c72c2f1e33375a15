import { type CallAddresses, runAt } from "../ort/library.ts";

/** One thing that a program does: a loop over the bytes at some addresses, or a call of ONNX Runtime. */
export type Invocation =
  | { readonly loop: string; readonly addresses: readonly number[] }
  | { readonly call: CallAddresses };

/** What each of the two threads does in a phase of a step; the next phase begins when both are done. */
export type Phase = readonly [here: readonly Invocation[], there: readonly Invocation[]];

/** Invocations in their order, bound to the thread that is to run them. */
export type Runnable = readonly (() => void)[];

/** Binds one thread's lists of invocations to that thread, which is the one that calls this. */
export function bindToThread(
  lists: readonly (readonly Invocation[])[],
  module: WebAssembly.Module,
  memories: readonly WebAssembly.Memory[],
): Runnable[] {
  const imports = Object.fromEntries(memories.map((memory, i) => [`${i}`, memory]));
  const loops = new WebAssembly.Instance(module, { memory: imports }).exports as unknown as Record<
    string,
    (...addresses: readonly number[]) => void
  >;
  return lists.map((invocations) =>
    invocations.map((invocation) => {
      if ("call" in invocation) return () => runAt(invocation.call);
      const loop = loops[invocation.loop]!, { addresses } = invocation;
      return () => loop(...addresses);
    })
  );
}

/** Runs one invocation after the other. */
export function runAll(runnable: Runnable): void {
  for (const run of runnable) run();
}
