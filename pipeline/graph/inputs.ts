import { UserError } from "../base/errors.ts";
import { plural } from "../base/words.ts";
import { derivedFrom } from "../store/derived.ts";
import { removeIfPresent } from "../store/disk.ts";
import type { KeyManifest } from "../store/record.ts";
import type { Store } from "../store/store.ts";

/**
 * Reads every input of a stage that is about to be executed. A look-up trusts a file whose size and times did not
 * change, but a disk that flips bits changes neither, and what is computed from such a file would be kept under the
 * digest of the right one. The damaged files are dropped, and the records that may have been made from them.
 * @throws {UserError} where an input is not what its digest says
 */
export async function verifyInputs(store: Store, { stage, inputs }: KeyManifest): Promise<void> {
  const damaged = new Map<string, string>();
  for (const [name, digest] of Object.entries(inputs)) {
    if (!damaged.has(digest) && !await store.holdsStill(digest)) damaged.set(digest, name);
  }
  if (damaged.size === 0) return;
  const derived = derivedFrom(store, new Set(damaged.keys()));
  for (const { record } of derived) removeIfPresent(store.recordPath(record.key));
  for (const digest of damaged.keys()) removeIfPresent(store.blobPath(digest));
  throw new UserError(
    `Cannot run stage ${stage}: its input ${[...damaged.values()].join(" and ")} is damaged in the store`,
    {
      notes: [
        "Its content changed below the file system: a failing disk does that, or a write to the disk's image.",
        ...(derived.length > 0
          ? [`Dropped ${plural(derived.length, "result")} that may have been made from it.`]
          : []),
        "Run again: it is made anew. `deno task doctor` reads everything else.",
      ],
    },
  );
}
