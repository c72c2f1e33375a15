import { UserError } from "../../../base/errors.ts";
import { sizeOf } from "../../../base/shape.ts";
import { count } from "../../../base/words.ts";
import { type ElementType, idxType, NUMBER_TYPES, numpyType } from "../../../formats/element_type.ts";
import { FormatError } from "../../../formats/format_error.ts";
import { NPY_MAGIC, readNpyHeader } from "../../../formats/npy.ts";
import { openBytes } from "./byte_source.ts";
import { fortranRows } from "./fortran.ts";
import { fileOf } from "./schema.ts";

/** An array in a file, whose values are read in their order. */
export interface ArrayFile {
  /** As the spec names it. */
  readonly reference: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Rows of the first axis, some at a time, from the first to the last. To be called once. */
  blocks(): AsyncGenerator<ArrayBlock>;
}

/** Rows of an array. */
export interface ArrayBlock {
  /** The number of the first. */
  readonly first: number;
  readonly rows: number;
  /** Their values. */
  readonly view: DataView;
}

const BLOCK_BYTES = 1 << 20;
/** The most bytes of a row: no example is as large. */
const MOST_ROW_BYTES = 1 << 28;
/** The most bytes of an array in Fortran order: no row is whole before all of it has been read. */
const MOST_FORTRAN_BYTES = 1 << 30;

/**
 * Opens an array that a spec names.
 *
 * @param path where the download put a file
 * @throws {UserError} where it cannot be found, is damaged, or of a type that is not read
 */
export async function openArray(reference: string, path: (file: string) => string): Promise<ArrayFile> {
  const { file, member } = fileOf(reference);
  const { bytes, mostBytes } = await openBytes(path(file), file, member);
  const reader = new ByteReader(bytes, reference);
  const { shape, type, isFortran } = await readHeader(reader, reference);
  if (shape.length === 0) throw new FormatError(reference, 0, "it is a single number");
  if (sizeOf(shape) === 0) throw new FormatError(reference, 0, `it holds nothing: its shape is [${shape}]`);
  const rowBytes = sizeOf(shape.slice(1)) * type.bytes;
  if (shape[0]! * rowBytes > mostBytes) {
    throw new FormatError(
      reference,
      0,
      `it claims [${shape}] values of ${type.name}: its bytes cannot hold them`,
    );
  }
  if (rowBytes > MOST_ROW_BYTES) {
    throw new FormatError(
      reference,
      0,
      `one of its rows takes ${count(rowBytes)} bytes, more than ${count(MOST_ROW_BYTES)}`,
    );
  }
  if (isFortran && shape[0]! * rowBytes > MOST_FORTRAN_BYTES) {
    throw new FormatError(
      reference,
      0,
      `it is in Fortran order and takes ${count(shape[0]! * rowBytes)} bytes, more than ${
        count(MOST_FORTRAN_BYTES)
      }; save numpy.ascontiguousarray(x) in its place`,
    );
  }
  const atOnce = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, rowBytes)));
  return {
    reference,
    shape,
    type,
    async *blocks() {
      try {
        const values = isFortran
          ? new Uint8Array((await reader.take(shape[0]! * rowBytes)).buffer)
          : undefined;
        for (let first = 0; first < shape[0]!; first += atOnce) {
          const rows = Math.min(atOnce, shape[0]! - first);
          const view = values
            ? fortranRows({ shape, bytes: type.bytes, values }, first, rows)
            : await reader.take(rows * rowBytes);
          yield { first, rows, view };
        }
        if (!await reader.isAtEnd()) {
          throw new FormatError(reference, 0, `more follows than the values of its shape [${shape}]`);
        }
      } finally {
        await reader.close();
      }
    },
  };
}

async function readHeader(reader: ByteReader, reference: string) {
  const start = await reader.take(NPY_MAGIC.length);
  if (NPY_MAGIC.every((byte, i) => start.getUint8(i) === byte)) {
    const header = await readNpyHeader((bytes) => reader.take(bytes), reference);
    if (header.descr.includes("O")) {
      throw new FormatError(
        reference,
        10,
        "its values are Python objects, which are not read: save numbers or text",
      );
    }
    const type = numpyType(header.descr);
    if (!type) {
      throw new FormatError(
        reference,
        10,
        `the type '${header.descr.slice(0, 20)}' is not one of ${NUMBER_TYPES.join(", ")}`,
      );
    }
    return { shape: header.shape, type, isFortran: header.fortranOrder && header.shape.length > 1 };
  }
  if (start.getUint16(0) !== 0) {
    throw new UserError(`Cannot read ${reference}: it is neither a NumPy nor an IDX file`, {
      notes: ["Files of one array are .npy or IDX, maybe gzipped; .npz files hold several."],
    });
  }
  const [type, axes] = [idxType(start.getUint8(2)), start.getUint8(3)];
  if (!type) {
    throw new FormatError(
      reference,
      2,
      `its type is 0x${start.getUint8(2).toString(16).padStart(2, "0")}, which no IDX file has`,
    );
  }
  if (axes === 0) throw new FormatError(reference, 3, "it has no axes");
  // Two bytes of the first axis have been read already.
  const rest = await reader.take(4 * axes - 2);
  const shape = Array.from(
    { length: axes },
    (_, i) => i === 0 ? start.getUint16(4) * 2 ** 16 + rest.getUint16(0) : rest.getUint32(4 * i - 2),
  );
  return { shape, type, isFortran: false };
}

/** Takes bytes off a source, in the numbers that are asked for. */
class ByteReader {
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #file: string;
  #chunk: Uint8Array = new Uint8Array();
  #taken = 0;

  constructor(bytes: AsyncIterable<Uint8Array>, file: string) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#file = file;
  }

  /** @throws {FormatError} where there are not as many left */
  async take(length: number): Promise<DataView> {
    const out = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      if (this.#chunk.length === 0) {
        const { done, value } = await this.#bytes.next();
        if (done) throw new FormatError(this.#file, this.#taken + filled, "it is cut off");
        this.#chunk = value;
      }
      const some = this.#chunk.subarray(0, length - filled);
      out.set(some, filled);
      filled += some.length;
      this.#chunk = this.#chunk.subarray(some.length);
    }
    this.#taken += length;
    return new DataView(out.buffer);
  }

  /** Whether nothing is left. */
  async isAtEnd(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const { done, value } = await this.#bytes.next();
      if (done) return true;
      this.#chunk = value;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#bytes.return?.();
  }
}
