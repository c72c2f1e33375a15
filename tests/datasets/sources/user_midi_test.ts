import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { listMidiFiles } from "../../../pipeline/datasets/sources/user_midi.ts";
import { formatUserError, UserError } from "../../../pipeline/base/errors.ts";

async function withFiles(files: readonly string[], test: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "reparam-" });
  try {
    for (const file of files) {
      await Deno.mkdir(join(folder, dirname(file)), { recursive: true });
      await Deno.writeTextFile(join(folder, file), file);
    }
    test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function refusal(folder: string): string {
  try {
    listMidiFiles(folder);
  } catch (error) {
    if (error instanceof UserError) return formatUserError(error).replaceAll(folder, "FOLDER");
    throw error;
  }
  throw new Error("nothing was refused");
}

Deno.test("a user's files are listed by class and name with their digests; others are passed over", async () => {
  const files = [
    "rock/b.MID",
    "rock/a.midi",
    "jazz/c.mid",
    "jazz/notes.txt",
    "jazz/.hidden.mid",
    "readme.txt",
  ];
  await withFiles(files, (folder) => {
    const listed = listMidiFiles(folder);
    assert.deepEqual(listed.map(({ name }) => name), ["jazz/c.mid", "rock/a.midi", "rock/b.MID"]);
    const sha256 = createHash("sha256").update("jazz/c.mid").digest("hex");
    assert.deepEqual(listed[0], { name: "jazz/c.mid", bytes: 10, sha256 });
  });
});

Deno.test("a folder without classes is refused with the next step", async () => {
  await withFiles(["song.mid"], (folder) => {
    assert.equal(
      refusal(folder),
      "Cannot take MIDI files from FOLDER: song.mid lies outside a sub-folder\n  Put each file in the folder of its class.",
    );
  });
  await withFiles(["rock/cover.png"], (folder) => {
    assert.match(refusal(folder), /no sub-folder of it holds a MIDI file\n {2}Make one sub-folder/);
    assert.match(refusal(join(folder, "no")), /there is no such folder\n {2}dataset\.source\.path names/);
    assert.match(refusal(join(folder, "rock/cover.png")), /it is not a folder/);
  });
});
