import { Worker } from "node:worker_threads";
import { type DecodedPicture, decodePicture } from "./decode.ts";
import type { PictureFormat } from "./fit.ts";

/** The most pictures that are decoded here: a thread would have started no sooner. */
const FEW = 64;
/** More threads than that would wait for the one that reads and writes. */
const MOST_THREADS = 8;
/** Pictures that are read ahead for each thread. */
const AHEAD = 4;

/**
 * Reads pictures and makes examples of them, in their order; where there are many, on all cores.
 *
 * @param read gives the bytes of a file
 */
export async function* decodeAll(
  names: readonly string[],
  read: (name: string) => Promise<Uint8Array<ArrayBuffer>>,
  { size, fit, colour, background }: PictureFormat,
): AsyncGenerator<DecodedPicture> {
  const format = { size, fit, colour, background };
  const threads = Math.min(MOST_THREADS, navigator.hardwareConcurrency);
  if (names.length <= FEW || threads < 2) {
    for (const name of names) yield decodePicture(await read(name), format);
    return;
  }
  const decoders = Array.from({ length: threads }, () => new DecoderThread(format));
  try {
    const waiting: Promise<DecodedPicture>[] = [];
    for (const [i, name] of names.entries()) {
      waiting.push(decoders[i % threads]!.decode(await read(name)));
      if (waiting.length >= AHEAD * threads) yield await waiting.shift()!;
    }
    while (waiting.length > 0) yield await waiting.shift()!;
  } finally {
    await Promise.all(decoders.map((decoder) => decoder.stop()));
  }
}

/** A thread that decodes one picture after another. */
class DecoderThread {
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<DecodedPicture>[] = [];

  constructor(format: PictureFormat) {
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: format });
    this.#worker.on("message", (decoded: DecodedPicture) => this.#waiting.shift()!.resolve(decoded));
    this.#worker.on("error", (error: unknown) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  decode(bytes: Uint8Array<ArrayBuffer>): Promise<DecodedPicture> {
    const decoded = Promise.withResolvers<DecodedPicture>();
    decoded.promise.catch(() => {}); // whoever awaits it may have stopped at an earlier picture
    this.#waiting.push(decoded);
    this.#worker.postMessage(bytes, [bytes.buffer]);
    return decoded.promise;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
