import { parentPort, workerData } from "node:worker_threads";
import { decodePicture } from "./decode.ts";
import type { PictureFormat } from "./fit.ts";

/** A thread that makes examples of the pictures that it is handed. */

// Not `on`: Deno 2.9.6 then walks through all entries of an array that is received, in search of ports.
parentPort!.addEventListener("message", ({ data: bytes }: { readonly data: Uint8Array }) => {
  parentPort!.postMessage(decodePicture(bytes, workerData as PictureFormat));
});
