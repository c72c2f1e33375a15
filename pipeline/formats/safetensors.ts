import { sizeOf } from "../base/shape.ts";
import { FormatError } from "./format_error.ts";

/** A float32 tensor in C order. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Tensors by name, and text by name beside them. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, FloatTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of the header: the limit of the reference implementation. */
const MAX_HEADER = 100_000_000;
const METADATA = "__metadata__";

/**
 * The bytes that the reference implementation writes: tensors by name, header padded with spaces so that the
 * data is aligned to 8 bytes. The order of the record's keys does not matter.
 *
 * @throws {RangeError} where a shape does not hold its data, or a tensor is named `__metadata__`
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, FloatTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: [string, unknown][] = [];
  const metadataNames = Object.keys(metadata).sort();
  if (metadataNames.length > 0) {
    header.push([METADATA, Object.fromEntries(metadataNames.map((name) => [name, metadata[name]]))]);
  }
  const names = Object.keys(tensors).sort();
  let length = 0;
  for (const name of names) {
    const { shape, data } = tensors[name]!;
    if (name === METADATA) throw new RangeError(`Cannot encode: a tensor must not be named ${METADATA}`);
    if (shape.some((n) => !Number.isSafeInteger(n) || n < 0) || sizeOf(shape) !== data.length) {
      throw new RangeError(`Cannot encode ${name}: shape [${shape}] does not hold ${data.length} values`);
    }
    header.push([name, { dtype: "F32", shape, data_offsets: [length, length + data.byteLength] }]);
    length += data.byteLength;
  }
  // Written by hand: an object would move keys that look like numbers to the front.
  const json = `{${
    header.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")
  }}`;
  const text = new TextEncoder().encode(json);
  const headerLength = Math.ceil(text.length / 8) * 8;

  const bytes = new Uint8Array(8 + headerLength + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength).set(text, 8);
  let offset = 8 + headerLength;
  for (const name of names) {
    const { data } = tensors[name]!;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a file of float32 tensors; each owns its values.
 * @param file Names the bytes in errors.
 * @throws {FormatError} where the bytes are not a whole file, or hold a type other than F32.
 */
export function decodeSafetensors(bytes: Uint8Array<ArrayBuffer>, file = "the weights"): Safetensors {
  const fail = (offset: number, problem: string): never => {
    throw new FormatError(file, offset, problem);
  };
  if (bytes.length < 8) fail(bytes.length, "it ends inside its header");
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > MAX_HEADER) fail(0, `the header claims ${headerLength} bytes, more than ${MAX_HEADER}`);
  const dataStart = 8 + headerLength;
  if (dataStart > bytes.length) {
    fail(bytes.length, `it ends inside its header, which takes ${dataStart} bytes`);
  }

  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, dataStart)));
  } catch {
    fail(8, "the header is not JSON");
  }
  if (!isRecord(header)) return fail(8, "the header is not an object");
  const { [METADATA]: metadata = {}, ...rest } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    return fail(8, `${METADATA} is not an object of strings`);
  }

  const entries = Object.entries(rest).map(([name, entry]) => {
    const label = JSON.stringify(name.slice(0, 80));
    if (!isRecord(entry)) return fail(8, `the entry of tensor ${label} is not an object`);
    const { dtype, shape, data_offsets: range } = entry;
    if (dtype !== "F32") return fail(8, `the type of tensor ${label} is not F32`);
    if (!isCounts(shape)) return fail(8, `the shape of tensor ${label} is not a list of counts`);
    if (!isCounts(range) || range.length !== 2) return fail(8, `tensor ${label} has no begin and end`);
    const [begin, end] = range as [number, number];
    if (end - begin !== 4 * sizeOf(shape)) {
      return fail(8, `bytes ${begin} to ${end} are not the size of tensor ${label}`);
    }
    return { name, label, shape, begin, end };
  });

  // As in the reference, no holes and no overlaps: no byte is hidden, and none is allocated twice.
  let next = 0;
  for (const { label, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== next) fail(dataStart + next, `before tensor ${label} the data has a hole or an overlap`);
    next = end;
  }
  if (dataStart + next !== bytes.length) {
    fail(
      Math.min(dataStart + next, bytes.length),
      `its tensors take ${next} bytes, not ${bytes.length - dataStart}`,
    );
  }
  const tensors = entries.map(({ name, shape, begin, end }) => {
    return [name, { shape, data: new Float32Array(bytes.slice(dataStart + begin, dataStart + end).buffer) }];
  });
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
