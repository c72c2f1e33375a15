import { type DatasetInfo, PARTS } from "../../artifacts/dataset.ts";
import { IMPORTANCE_CSV } from "../../artifacts/importance_csv.ts";
import { KL_PER_DIMENSION_CSV } from "../../artifacts/kl_per_dimension_csv.ts";
import type { SnapshotInfo } from "../../artifacts/latents.ts";
import { GAME_CSV } from "../../artifacts/game_csv.ts";
import { METRICS_CSV } from "../../artifacts/metrics_csv.ts";
import type { ModelInfo } from "../../artifacts/model_json.ts";
import { decodeCsv } from "../../formats/csv.ts";
import { decodeNpy, type NpyArray } from "../../formats/npy.ts";
import { decodeOnnx, type OnnxModel } from "../../formats/onnx.ts";
import { decodePng } from "../../formats/png.ts";
import { decodeSafetensors } from "../../formats/safetensors.ts";
import { checkPack } from "../../artifacts/pack.ts";
import type { DataFile } from "../../artifacts/source_json.ts";

/** Read outputs that come from elsewhere. Each function throws where the bytes are not what they are said to be. */

type Bytes = Uint8Array<ArrayBuffer>;
type Read = (path: string) => Promise<Bytes>;

/** The types of the arrays that stages write. */
export type NpyType = "uint8" | "float32";
const ARRAYS = { uint8: Uint8Array, float32: Float32Array };
/** The types of the values of examples. */
const VALUES = [Uint8Array, Uint16Array, Float32Array];

/** @param keys that the object has at least */
export function readJson(bytes: Bytes, keys: readonly string[]): Record<string, unknown> {
  const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("it is no object");
  const missing = keys.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) throw new Error(`it has no ${missing}`);
  return value;
}

/** @param start of the text, in any case */
export function readText(bytes: Bytes, start: string): void {
  const head = new TextDecoder().decode(bytes.subarray(0, start.length));
  if (head.toLowerCase() !== start.toLowerCase()) throw new Error(`it does not begin with ${start}`);
}

/** Reads a table. @throws {Error} where it is none */
export function readCsv(bytes: Bytes): void {
  decodeCsv(new TextDecoder().decode(bytes));
}

/** Reads a picture. @throws {Error} where it is none */
export function readPng(bytes: Bytes): void {
  decodePng(bytes);
}

/** @param shape the lengths of the first axes, null for any */
export function readNpy(bytes: Bytes, type: NpyType, shape: readonly (number | null)[]): NpyArray {
  const array = decodeNpy(bytes);
  if (!(array.data instanceof ARRAYS[type])) throw new Error(`its values are not ${type}`);
  if (shape.some((length, axis) => length !== null && array.shape[axis] !== length)) {
    throw new Error(`its shape is [${array.shape}]`);
  }
  return array;
}

/** Reads the examples of a part. @throws {Error} where there are none */
export function readExamples(bytes: Bytes): NpyArray {
  const array = decodeNpy(bytes);
  if (!VALUES.some((Type) => array.data instanceof Type)) throw new Error("its values are of a strange type");
  return array;
}

/** Reads files that lie in one. @throws {Error} where one of them is not what it was */
export function readPack(bytes: Uint8Array, files: readonly DataFile[]): void {
  checkPack(bytes, files);
}

/** Reads weights. @throws {Error} where there are none */
export function readWeights(bytes: Bytes): void {
  const { tensors } = decodeSafetensors(bytes);
  if (Object.keys(tensors).length === 0) throw new Error("it holds no tensor");
}

/** Reads an ONNX model. @throws {Error} where it has other inputs or outputs */
export function readNetwork(bytes: Bytes, inputs: readonly string[], outputs: readonly string[]): void {
  const found = decodeOnnx(bytes, "the model");
  const has = (list: OnnxModel["inputs"], wanted: string) => list.some(({ name }) => name === wanted);
  for (const name of inputs) if (!has(found.inputs, name)) throw new Error(`it has no input ${name}`);
  for (const name of outputs) if (!has(found.outputs, name)) throw new Error(`it has no output ${name}`);
}

/** Reads `model.json`. @throws {Error} where it is of another model */
export function readModel(bytes: Bytes, architecture: string, latentSize: number): void {
  const model = readJson(bytes, ["inputShape", "parameters", "layers", "epoch"]) as unknown as ModelInfo;
  if (model.architecture !== architecture) throw new Error("it is of another architecture");
  if (model.latentSize !== latentSize) throw new Error("it is of another latent size");
}

/** Reads `metrics.csv`. @throws {Error} where it lacks a column */
export function readMetrics(bytes: Bytes): void {
  METRICS_CSV.decode(bytes);
}

/** Reads `game.csv`. @throws {Error} where it lacks a column */
export function readGame(bytes: Bytes): void {
  GAME_CSV.decode(bytes);
}

/** Reads `importance.csv`. @throws {Error} where it lacks a column */
export function readImportance(bytes: Bytes): void {
  IMPORTANCE_CSV.decode(bytes);
}

/** Reads `kl-per-dimension.csv`. @throws {Error} where it has another number of rows */
export function readKlPerDimension(bytes: Bytes, latentSize: number): void {
  if (KL_PER_DIMENSION_CSV.decode(bytes).length !== latentSize) {
    throw new Error("it has too few or many rows");
  }
}

/** The arrays of a dataset have the shapes that `dataset.json` says. */
export async function readParts(read: Read): Promise<void> {
  const info = readJson(await read("dataset.json"), []) as unknown as DatasetInfo;
  for (const part of PARTS) {
    const { examples } = info.parts[part];
    same(readExamples(await read(`${part}.npy`)), `${part}.npy`, [examples, ...info.shape]);
    same(readNpy(await read(`${part}_labels.npy`), "uint8", []), `${part}_labels.npy`, [examples]);
  }
}

/** The snapshots are of the epochs and examples that `latents.json` names. */
export async function readSnapshots(read: Read): Promise<void> {
  const { epochs, examples, decoded } = readJson(await read("latents.json"), []) as unknown as SnapshotInfo;
  const latents = readNpy(await read("latents.npy"), "float32", []);
  same(latents, "latents.npy", [epochs.length, examples.length, latents.shape.at(-1)!]);
  const pictures = readNpy(await read("decoded.npy"), "uint8", []);
  const rows = decoded.samples + decoded.reconstructions + decoded.side ** 2;
  same(pictures, "decoded.npy", [epochs.length, rows, ...pictures.shape.slice(2)]);
}

function same({ shape }: NpyArray, name: string, expected: readonly number[]): void {
  if (String(shape) !== String(expected)) throw new Error(`${name} is [${shape}] and not [${expected}]`);
}
