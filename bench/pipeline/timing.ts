/** What one process took. */
export interface Measured {
  readonly seconds: number;
  readonly stdout: string;
}

/** Runs a program to its end, from its start-up to its exit. @throws where it fails, with what it said */
export async function measure(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly timeoutSeconds?: number } = {},
): Promise<Measured> {
  const { cwd, timeoutSeconds } = options;
  const clock = performance.now();
  const output = await new Deno.Command(program, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
    env: { NO_COLOR: "1", DVC_NO_ANALYTICS: "1" },
    stdin: "null",
    ...(timeoutSeconds === undefined ? {} : { signal: AbortSignal.timeout(timeoutSeconds * 1000) }),
  }).output();
  const seconds = (performance.now() - clock) / 1000;
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const said = decode(output.stdout) + decode(output.stderr);
  if (output.signal === "SIGTERM") throw new TimedOut(seconds);
  if (!output.success) throw new Error(`${program} ${args.join(" ")} failed:\n${said}`);
  return { seconds, stdout: said };
}

export class TimedOut extends Error {
  constructor(readonly seconds: number) {
    super(`stopped after ${Math.round(seconds)} s`);
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs contestants in turn, A B C A B C, so that a drift of the machine meets them all alike. Medians in seconds. */
export async function interleaved(
  contestants: ReadonlyMap<string, () => Promise<Measured>>,
  rounds: number,
): Promise<Map<string, number>> {
  const times = new Map(Array.from(contestants.keys(), (name) => [name, [] as number[]]));
  for (const run of contestants.values()) await run(); // files into memory, byte code on disk
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of contestants) times.get(name)!.push((await run()).seconds);
  }
  return new Map(Array.from(times, ([name, values]) => [name, median(values)]));
}

/** Demands that a run did nothing, by what it says of itself. */
export function expectNoOp(words: RegExp, run: () => Promise<Measured>): () => Promise<Measured> {
  return async () => {
    const measured = await run();
    if (!words.test(measured.stdout)) throw new Error(`This was no no-op:\n${measured.stdout.slice(-2000)}`);
    return measured;
  };
}
