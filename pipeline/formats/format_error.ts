import { UserError } from "../base/errors.ts";

/** A file whose bytes are not what its format allows. Nothing was read from it. */
export class FormatError extends UserError {
  /** @param offset Byte at which the problem stands, counted from 0. */
  constructor(
    readonly file: string,
    readonly offset: number,
    readonly problem: string,
    notes: readonly string[] = [],
  ) {
    super(`Cannot read ${file}: ${problem} (at byte ${offset})`, { notes });
    this.name = "FormatError";
  }
}
