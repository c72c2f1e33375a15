import { UserError } from "../base/errors.ts";
import { removeIfPresent } from "../store/disk.ts";
import { type Expectation, misread } from "../store/expectation.ts";
import type { ActionRecord } from "../store/record.ts";
import type { Store } from "../store/store.ts";

/** A larger file is read by the stage that needs it and by nobody before: a part of a dataset may have gigabytes. */
const MOST_BYTES = 2 ** 26;

/**
 * Results that were found in the store, until a stage is executed that reads them: then each is read once as what it
 * is declared to be. A record that somebody wrote by hand may name any file, and what is made from it would stay.
 */
export class UnreadResults {
  readonly #expected = new Map<string, Expectation>();

  add(key: string, expected: Expectation): void {
    this.#expected.set(key, expected);
  }

  /**
   * Reads what a stage is about to read. A record that names something else is dropped.
   *
   * @throws {UserError} where there is one
   */
  async verify(stage: string, records: readonly ActionRecord[], store: Store): Promise<void> {
    for (const record of records) {
      const expected = this.#expected.get(record.key);
      if (!expected) continue;
      const wrong = await misreadIn(store, record, expected);
      if (wrong !== undefined) {
        removeIfPresent(store.recordPath(record.key));
        throw new UserError(
          `Cannot run stage ${stage}: the store's record of stage ${record.stage} ${wrong}`,
          {
            notes: ["No stage of ours wrote it. It is dropped. Run again: the stage is executed anew."],
          },
        );
      }
      this.#expected.delete(record.key);
    }
  }
}

function misreadIn(store: Store, record: ActionRecord, expected: Expectation): Promise<string | undefined> {
  const outputs = Object.entries(record.outputs);
  const small = outputs.filter(([, { size }]) => size <= MOST_BYTES);
  return misread(
    { ...record, outputs: Object.fromEntries(small) },
    { ...expected, together: small.length === outputs.length ? expected.together : undefined },
    (digest) => Deno.readFile(store.blobPath(digest)),
  );
}
