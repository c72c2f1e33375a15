import { parentPort, workerData } from "node:worker_threads";
import { decodePicture } from "./decode.ts";
import type { PictureFormat } from "./fit.ts";

/** A thread that makes examples of the pictures that it is handed. */

parentPort!.on("message", (bytes: Uint8Array) => {
  parentPort!.postMessage(decodePicture(bytes, workerData as PictureFormat));
});
