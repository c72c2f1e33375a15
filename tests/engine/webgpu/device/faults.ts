/** What can go wrong with a GPU and the thread that drives it. */
export type Fault = "throws" | "rejects" | "stops" | "loses" | "is short of memory" | "answers late";

/** The GPU's thread as the engine's own, but the fault occurs with the `at`-th submission (1 is the first). */
export function faultyWorker(fault: Fault, at: number): URL {
  const url = new URL("./faulty_worker.ts", import.meta.url);
  url.search = String(new URLSearchParams({ fault, at: String(at) }));
  return url;
}
