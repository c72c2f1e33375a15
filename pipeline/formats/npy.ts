import { sizeOf } from "../base/shape.ts";
import { FormatError } from "./format_error.ts";

/** The types of values that are read and written. */
export type NpyData = Uint8Array | Uint16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

/** A dense array in C order (the last axis varies fastest). */
export interface NpyArray<Data extends NpyData = NpyData> {
  /** Sides. */
  readonly shape: readonly number[];
  /** Values, as many as the sides' product. */
  readonly data: Data;
}

const TYPES = {
  "|u1": Uint8Array,
  "<u2": Uint16Array,
  "<i4": Int32Array,
  "<i8": BigInt64Array,
  "<f4": Float32Array,
  "<f8": Float64Array,
} as const;
type Descr = keyof typeof TYPES;

/** What a NumPy file begins with. */
export const NPY_MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** Bytes that format 1.0 can count; a header of format 2.0 that needs more is refused. */
const MAX_HEADER = 65535;
/** The most axes that NumPy has. */
const MAX_AXES = 64;
/** NumPy leaves room for the first axis to grow to this many digits in place. */
const FIRST_AXIS_DIGITS = 21;

/**
 * The bytes that `numpy.save` writes for the same array: format 1.0, data aligned to 64 bytes.
 *
 * @throws {RangeError} where the shape does not hold the data
 */
export function encodeNpy({ shape, data }: NpyArray): Uint8Array<ArrayBuffer> {
  if (shape.some((n) => !Number.isSafeInteger(n) || n < 0) || sizeOf(shape) !== data.length) {
    throw new RangeError(`Cannot encode: shape [${shape}] does not hold ${data.length} values`);
  }
  const header = npyHeader(data.constructor as NpyConstructor, shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

type NpyConstructor = typeof TYPES[Descr];

/**
 * What stands before the values of an array in the file that `numpy.save` writes. It is as long whatever the length
 * of the first axis.
 */
export function npyHeader(Type: NpyConstructor, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const descr = (Object.keys(TYPES) as Descr[]).find((key) => TYPES[key] === Type)!;
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  let header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  if (shape.length > 0) header += " ".repeat(FIRST_AXIS_DIGITS - String(shape[0]).length);
  header += " ".repeat(64 - (10 + header.length + 1) % 64) + "\n";

  const bytes = new Uint8Array(10 + header.length);
  bytes.set(NPY_MAGIC);
  bytes.set([1, 0, header.length & 0xff, header.length >> 8], 6);
  new TextEncoder().encodeInto(header, bytes.subarray(10));
  return bytes;
}

/** What stands before the values of a NumPy file. */
export interface NpyHeader {
  /** The type of a value, as NumPy writes it: "<f4". */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/**
 * Reads what follows the magic bytes of formats 1.0 and 2.0, up to the values.
 *
 * @param take gives the next bytes
 * @param file Names the bytes in errors.
 * @throws {FormatError} where there is no header
 */
export async function readNpyHeader(
  take: (bytes: number) => Promise<DataView>,
  file: string,
): Promise<NpyHeader> {
  const version = await take(2);
  const major = majorOf([version.getUint8(0), version.getUint8(1)], file);
  const length = major === 1 ? (await take(2)).getUint16(0, true) : (await take(4)).getUint32(0, true);
  if (length > MAX_HEADER) throw tooLongHeader(length, file);
  return decodeHeader(new Uint8Array((await take(length)).buffer), major === 1 ? 10 : 12, file);
}

function majorOf([major, minor]: readonly (number | undefined)[], file: string): 1 | 2 {
  if ((major === 1 || major === 2) && minor === 0) return major;
  throw new FormatError(file, 6, `format ${major ?? "?"}.${minor ?? "?"} is not read here: 1.0 and 2.0 are`);
}

function tooLongHeader(length: number, file: string): FormatError {
  return new FormatError(file, 8, `the header is ${length} bytes long, more than ${MAX_HEADER}`);
}

/** @param offset of the bytes in the file */
function decodeHeader(bytes: Uint8Array, offset: number, file: string): NpyHeader {
  const text = new TextDecoder("latin1").decode(bytes);
  const header = parseHeader(text);
  if (!header && /(['"])descr\1\s*:\s*\[/.test(text)) {
    throw new FormatError(
      file,
      offset,
      "its values are records of several fields: save one of them, x['field']",
    );
  }
  if (!header) {
    throw new FormatError(
      file,
      offset,
      "the header is not a dictionary of 'descr', 'fortran_order' and 'shape'",
    );
  }
  if (header.shape.length > MAX_AXES) {
    throw new FormatError(file, offset, `it has ${header.shape.length} axes, more than ${MAX_AXES}`);
  }
  return header;
}

/**
 * Reads formats 1.0 and 2.0 in C order. The result is a view of `bytes` where the data is aligned.
 * @param file Names the bytes in errors.
 * @throws {FormatError} where the bytes are not a whole array of one of the types above.
 */
export function decodeNpy(bytes: Uint8Array<ArrayBuffer>, file = "the array"): NpyArray {
  const fail = (offset: number, problem: string): never => {
    throw new FormatError(file, offset, problem);
  };
  const magic = NPY_MAGIC.findIndex((byte, i) => bytes[i] !== byte);
  if (magic >= 0) fail(magic, "it is not a NumPy file: the first six bytes are wrong");
  const major = majorOf([bytes[6], bytes[7]], file);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) fail(bytes.length, "it ends inside its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = start + headerLength;
  if (headerLength > MAX_HEADER) throw tooLongHeader(headerLength, file);
  if (bytes.length < dataStart) {
    fail(bytes.length, `it ends inside its header, which takes ${dataStart} bytes`);
  }

  const { descr, fortranOrder, shape } = decodeHeader(bytes.subarray(start, dataStart), start, file);
  if (!Object.hasOwn(TYPES, descr)) {
    fail(start, `the type '${descr.slice(0, 20)}' is not one of ${Object.keys(TYPES).join(", ")}`);
  }
  if (fortranOrder) fail(start, "it is in Fortran order; save numpy.ascontiguousarray(x) in its place");

  const Type = TYPES[descr as Descr];
  const wanted = sizeOf(shape) * Type.BYTES_PER_ELEMENT;
  const present = bytes.length - dataStart;
  if (wanted !== present) {
    fail(
      present < wanted ? bytes.length : dataStart + wanted,
      `shape [${shape}] of '${descr}' takes ${wanted} bytes of data, but ${present} follow the header`,
    );
  }
  const aligned = (bytes.byteOffset + dataStart) % Type.BYTES_PER_ELEMENT === 0;
  const data = aligned ? bytes.subarray(dataStart) : bytes.slice(dataStart);
  return { shape, data: new Type(data.buffer, data.byteOffset, sizeOf(shape)) };
}

/** The dictionary literal of the header, its three keys in any order, as NumPy's reader allows. */
function parseHeader(text: string): { descr: string; fortranOrder: boolean; shape: number[] } | undefined {
  const literal = text.trim();
  if (!literal.startsWith("{") || !literal.endsWith("}")) return undefined;
  const body = literal.slice(1, -1).trim();
  const item =
    /\s*(?:(['"])descr\1\s*:\s*(['"])([^'"]*)\2|(['"])fortran_order\4\s*:\s*(True|False)|(['"])shape\6\s*:\s*\(([\d\s,]*)\))\s*(?:,|$)/y;
  let descr, fortranOrder, shape;
  while (item.lastIndex < body.length) {
    const match = item.exec(body);
    if (!match) return undefined;
    if (match[1] !== undefined) descr = match[3];
    else if (match[4] !== undefined) fortranOrder = match[5] === "True";
    else shape = parseShape(match[7]!);
  }
  if (descr === undefined || fortranOrder === undefined || shape === undefined) return undefined;
  return { descr, fortranOrder, shape };
}

function parseShape(text: string): number[] | undefined {
  const axes = text.trim().replace(/,$/, "");
  if (axes === "") return [];
  const shape = axes.split(",").map((axis) => /^\s*\d{1,15}\s*$/.test(axis) ? Number(axis) : NaN);
  return shape.every(Number.isSafeInteger) ? shape : undefined;
}
