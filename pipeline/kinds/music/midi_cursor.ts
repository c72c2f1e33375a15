import { printable } from "../../base/printable.ts";
import { FormatError } from "../../formats/format_error.ts";

/** Reads the bytes of a MIDI file in order. What is wrong is thrown as a `FormatError` with its place. */
export class MidiCursor {
  readonly bytes: Uint8Array;
  readonly #file: string;
  at = 0;
  /** Nothing is read from here on. */
  end: number;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.#file = file;
    this.end = bytes.length;
  }

  get left(): number {
    return this.end - this.at;
  }

  byte(what: string): number {
    if (this.at >= this.end) this.fail(this.at, `the data end within ${what}`);
    return this.bytes[this.at++]!;
  }

  /** A whole number of `size` bytes, the highest first. */
  number(size: number, what: string): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.byte(what);
    return value;
  }

  /** A whole number with seven bits a byte, the highest first; all but the last byte have the top bit set. */
  variableLength(what: string): number {
    const start = this.at;
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.byte(what);
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return this.fail(start, `${what} has more than four bytes`);
  }

  skip(length: number, what: string): void {
    if (length > this.left) {
      this.fail(this.at, `${what} claims ${length} bytes, and ${this.left} are left`);
    }
    this.at += length;
  }

  /** The characters at a place, fewer where the bytes end. */
  textAt(at: number, length: number): string {
    return String.fromCharCode(...this.bytes.subarray(at, Math.min(at + length, this.end)));
  }

  /** @throws {FormatError} */
  fail(at: number, problem: string): never {
    throw new FormatError(this.#file, at, printable(problem));
  }
}
