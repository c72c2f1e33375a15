import { UserError } from "../base/errors.ts";
import { bytes } from "../base/words.ts";

/**
 * Refuses examples that training cannot hold in memory, all of them, before time is spent on making them. Half of the
 * machine's memory is left for the rest.
 *
 * @param size of all examples, in bytes
 * @param note what to do about it
 * @throws {UserError}
 */
export function refuseTooMany(size: number, memoryBytes: number, note: string): void {
  if (size <= memoryBytes / 2) return;
  throw new UserError(
    `Cannot hold the examples: they take ${bytes(size)}, and this machine has ${bytes(memoryBytes)}`,
    { notes: [note] },
  );
}
