/** How the values of an array lie in a file. */
export interface ElementType {
  /** As NumPy names it: "uint8". */
  readonly name: string;
  /** Bytes of a value. */
  readonly bytes: number;
  /** The least and the greatest value, of whole numbers. */
  readonly limits?: readonly [number, number];
  /** The values that stand for 0 and 1 where nothing else is said. */
  readonly range?: readonly [number, number];
  /** Reads a number. */
  read(view: DataView, offset: number): number;
  /** Reads text, of the types that hold text; then `read` gives NaN. */
  text?(view: DataView, offset: number): string;
}

type Read = (view: DataView, offset: number, little: boolean) => number;

function whole(
  name: string,
  bytes: number,
  limits: readonly [number, number],
  read: Read,
  range?: readonly [number, number],
) {
  return (little: boolean): ElementType => ({
    name,
    bytes,
    limits,
    ...(range ? { range } : {}),
    read: (view, offset) => read(view, offset, little),
  });
}

function real(name: string, bytes: number, read: Read) {
  return (little: boolean): ElementType => ({
    name,
    bytes,
    read: (view, offset) => read(view, offset, little),
  });
}

const INT64: readonly [number, number] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/** All types of numbers, by NumPy's letter and the number of bytes. */
const NUMBERS: Readonly<Record<string, (little: boolean) => ElementType>> = {
  b1: whole("bool", 1, [0, 1], (view, at) => Number(view.getUint8(at) !== 0), [0, 1]),
  u1: whole("uint8", 1, [0, 255], (view, at) => view.getUint8(at), [0, 255]),
  i1: whole("int8", 1, [-128, 127], (view, at) => view.getInt8(at)),
  u2: whole("uint16", 2, [0, 65535], (view, at, little) => view.getUint16(at, little), [0, 65535]),
  i2: whole("int16", 2, [-32768, 32767], (view, at, little) => view.getInt16(at, little)),
  u4: whole("uint32", 4, [0, 2 ** 32 - 1], (view, at, little) => view.getUint32(at, little)),
  i4: whole("int32", 4, [-(2 ** 31), 2 ** 31 - 1], (view, at, little) => view.getInt32(at, little)),
  u8: whole("uint64", 8, [0, INT64[1]], (view, at, little) => Number(view.getBigUint64(at, little))),
  i8: whole("int64", 8, INT64, (view, at, little) => Number(view.getBigInt64(at, little))),
  f2: real("float16", 2, (view, at, little) => view.getFloat16(at, little)),
  f4: real("float32", 4, (view, at, little) => view.getFloat32(at, little)),
  f8: real("float64", 8, (view, at, little) => view.getFloat64(at, little)),
};

/** The names of all types of numbers, for messages. */
export const NUMBER_TYPES: readonly string[] = Object.values(NUMBERS).map((type) => type(true).name);

/** The type that NumPy's array interface writes as `<f4` or `|u1`; undefined for one that is not read. */
export function numpyType(descr: string): ElementType | undefined {
  const [, order, kind, size] = /^([<>|=])([a-zA-Z])(\d{1,6})$/.exec(descr) ?? [];
  const little = order !== ">";
  if (kind === "U") return unicode(Number(size), little);
  if (kind === "S") return ascii(Number(size));
  return NUMBERS[`${kind}${size}`]?.(little);
}

/** The type that an IDX file has by this number; undefined where there is none. */
export function idxType(code: number): ElementType | undefined {
  const name = { 0x08: "u1", 0x09: "i1", 0x0b: "i2", 0x0c: "i4", 0x0d: "f4", 0x0e: "f8" }[code];
  return name === undefined ? undefined : NUMBERS[name]!(false);
}

function unicode(letters: number, little: boolean): ElementType {
  return {
    name: "text",
    bytes: 4 * letters,
    read: () => NaN,
    text(view, offset) {
      let text = "";
      for (let i = 0; i < letters; i++) {
        const code = view.getUint32(offset + 4 * i, little);
        text += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
      }
      return text.replace(/\0+$/, "");
    },
  };
}

function ascii(letters: number): ElementType {
  return {
    name: "text",
    bytes: letters,
    read: () => NaN,
    text: (view, offset) =>
      new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + offset, letters)).replace(
        /\0+$/,
        "",
      ),
  };
}
