import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { midi } from "../../../pipeline/datasets/midi.ts";
import { deliver } from "../../../pipeline/datasets/sources/folder.ts";
import { listMidiFiles } from "../../../pipeline/datasets/sources/user_midi.ts";
import { formatUserError, UserError } from "../../../pipeline/base/errors.ts";
import { freshDigests } from "../../support/slice.ts";
import { withDelivery } from "./delivery.ts";

const IS_ROOT = Deno.build.os === "windows" || Deno.uid() === 0;

/** Files that hold their own names. */
async function withFiles(files: readonly string[], test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "reparam-" });
  try {
    for (const file of files) {
      await Deno.mkdir(join(folder, dirname(file)), { recursive: true });
      await Deno.writeTextFile(join(folder, file), file);
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refusal(folder: string): Promise<string> {
  try {
    await listMidiFiles(folder, freshDigests());
  } catch (error) {
    if (error instanceof UserError) return formatUserError(error).replaceAll(folder, "FOLDER");
    throw error;
  }
  throw new Error("nothing was refused");
}

async function namesIn(folder: string): Promise<string[]> {
  return (await listMidiFiles(folder, freshDigests())).files.map(({ name }) => name);
}

Deno.test("a user's files are listed by class and name with their digests, others are counted", async () => {
  const files = [
    "rock/b.MID",
    "rock/a.midi",
    "rock/d.Kar",
    "rock/e.RMI",
    "rock/f.smf",
    "jazz/c.mid",
    "jazz/notes.txt",
    "jazz/.hidden.mid",
    "scans/page.png",
    "readme.txt",
  ];
  await withFiles(files, async (folder) => {
    assert.deepEqual(await namesIn(folder), [
      "jazz/c.mid",
      "rock/a.midi",
      "rock/b.MID",
      "rock/d.Kar",
      "rock/e.RMI",
      "rock/f.smf",
    ]);
    const { files, leftOut, passedOver } = await listMidiFiles(folder, freshDigests());
    const sha256 = createHash("sha256").update("jazz/c.mid").digest("hex");
    assert.deepEqual(files[0], { name: "jazz/c.mid", bytes: 10, sha256 });
    assert.deepEqual(leftOut, []);
    assert.deepEqual(passedOver, [
      {
        reason: "its name does not end in .mid, .midi, .kar, .rmi or .smf",
        count: 3,
        example: "jazz/notes.txt",
      },
      { reason: "it is a folder without MIDI files", count: 1, example: "scans" },
    ]);
  });
});

Deno.test("folders within the folder of a class are read, and links to files and folders followed", async () => {
  await withFiles(
    ["in/jazz/2004/live/a.mid", "in/jazz/b.mid", "out/c.mid", "out/deep/d.mid"],
    async (folder) => {
      Deno.symlinkSync("../../out/c.mid", join(folder, "in/jazz/link.mid"));
      Deno.symlinkSync("../out", join(folder, "in/rock"));
      const { files, leftOut, passedOver } = await listMidiFiles(join(folder, "in"), freshDigests());
      assert.deepEqual(files.map(({ name }) => name), [
        "jazz/2004/live/a.mid",
        "jazz/b.mid",
        "jazz/link.mid",
        "rock/c.mid",
        "rock/deep/d.mid",
      ]);
      assert.deepEqual([leftOut, passedOver], [[], []]);
    },
  );
});

Deno.test("what cannot be read is named with its reason", async () => {
  await withFiles(
    ["jazz/a.mid", "jazz/x\x1b[31m.mid", "jazz/deep/b.mid", "jazz/folder.mid/c.txt"],
    async (folder) => {
      Deno.symlinkSync("nowhere", join(folder, "jazz/broken.mid"));
      Deno.symlinkSync("/no/such/class", join(folder, "rock"));
      Deno.symlinkSync("..", join(folder, "jazz/deep/up"));
      Deno.symlinkSync("round.mid", join(folder, "jazz/round.mid"));
      Deno.symlinkSync("/dev/null", join(folder, "jazz/device.mid"));
      const { files, leftOut, passedOver } = await listMidiFiles(folder, freshDigests());
      assert.deepEqual(files.map(({ name }) => name), ["jazz/a.mid", "jazz/deep/b.mid"]);
      assert.deepEqual(Object.fromEntries(leftOut.map(({ name, reason }) => [name, reason])), {
        "jazz/broken.mid": "it is a link to something that is not there",
        "jazz/deep/up": "it is a link to a folder that it lies in: without end",
        "jazz/device.mid": "it is not a regular file",
        "jazz/round.mid": "it is a link that leads back to itself",
        "jazz/x\\x1b[31m.mid":
          "its name holds control characters or a backslash, or is longer than 1024 characters",
        "rock": "it is a link to something that is not there",
      });
      assert.deepEqual(passedOver[1], {
        reason: "it is a folder without MIDI files",
        count: 1,
        example: "jazz/folder.mid",
      });
    },
  );
});

Deno.test({
  name: "file names that are not UTF-8 are named, with the folders and the files that have them",
  ignore: Deno.build.os !== "linux", // elsewhere the file system takes no such names
  async fn() {
    await withFiles(["jazz/a.mid"], async (folder) => {
      const script = String
        .raw`cd "$1"; printf x > jazz/caf$(printf '\351').mid; mkdir jazz/d$(printf '\351')`;
      new Deno.Command("sh", { args: ["-c", script, "sh", folder] }).outputSync();
      const { files, leftOut } = await listMidiFiles(folder, freshDigests());
      assert.deepEqual(files.map(({ name }) => name), ["jazz/a.mid"]);
      assert.deepEqual(leftOut, [
        { name: "jazz/caf\ufffd.mid", reason: "its name is not UTF-8: rename it" },
        { name: "jazz/d\ufffd", reason: "its name is not UTF-8: rename it" },
      ]);
    });
  },
});

Deno.test({
  name: "files and folders without permission are named",
  ignore: IS_ROOT, // who may read everything
  async fn() {
    await withFiles(["jazz/a.mid", "jazz/secret.mid", "rock/b.mid"], async (folder) => {
      Deno.chmodSync(join(folder, "jazz/secret.mid"), 0);
      Deno.chmodSync(join(folder, "rock"), 0);
      const { files, leftOut } = await listMidiFiles(folder, freshDigests());
      Deno.chmodSync(join(folder, "rock"), 0o755);
      assert.deepEqual(files.map(({ name }) => name), ["jazz/a.mid"]);
      const reason = "this user may not read it";
      assert.deepEqual(leftOut, [{ name: "rock", reason }, { name: "jazz/secret.mid", reason }]);
    });
  },
});

Deno.test("links that fan out without end are refused", async () => {
  const texts = Array.from({ length: 20 * 50 }, (_, i) => `in/d${i % 20}/${i}.txt`);
  await withFiles(["in/a/a.mid", ...texts], async (folder) => {
    for (let i = 0; i < 19; i++) {
      for (const name of ["x", "y"]) Deno.symlinkSync(`../d${i + 1}`, join(folder, `in/d${i}/${name}`));
    }
    assert.match(
      await refusal(join(folder, "in")),
      /with all links followed it holds more than 100000 files and folders/,
    );
  });
});

Deno.test("a folder without classes is refused with the next step", async () => {
  await withFiles(["song.mid"], async (folder) => {
    assert.equal(
      await refusal(folder),
      "Cannot take MIDI files from FOLDER: song.mid lies outside a sub-folder\n  Put each file in the folder of its class.",
    );
  });
  await withFiles(["rock/cover.png"], async (folder) => {
    assert.match(await refusal(folder), /no sub-folder of it holds a MIDI file.*\n {2}Make one sub-folder/);
    assert.match(
      await refusal(join(folder, "no")),
      /there is no such folder\n {2}dataset\.source\.path names/,
    );
    assert.match(await refusal(join(folder, "rock/cover.png")), /it is not a folder/);
    Deno.symlinkSync("nowhere", join(folder, "rock/a.mid"));
    assert.match(await refusal(folder), /\n {2}rock\/a\.mid: it is a link to something that is not there\n/);
  });
});

Deno.test("files are copied as they are, packed ones too, and one that changed since then is named", async () => {
  await withDelivery(async (delivery) => {
    const folder = join(delivery.folder, "mine");
    await Deno.mkdir(join(folder, "jazz"), { recursive: true });
    const packed = Uint8Array.of(0x1f, 0x8b, 1, 2, 3);
    await Deno.writeFile(join(folder, "jazz/packed.mid"), packed);
    const output = (name: string) => join(delivery.folder, name.replace("/", "-"));
    const source = { type: "folder", path: folder } as const;
    const origin = {
      ...midi.credits,
      ...midi.places,
      ...await midi.contents({ name: "midi", source }, freshDigests()),
    };
    const own = { ...delivery, title: midi.title, output, origin };
    await deliver(source, own);
    assert.deepEqual(new Uint8Array(await Deno.readFile(output("jazz/packed.mid"))), packed);
    await Deno.writeFile(join(folder, "jazz/packed.mid"), packed.with(2, 9));
    await assert.rejects(deliver(source, own), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        /^Cannot take MIDI files from the folder .*jazz\/packed\.mid is not the file/,
      );
      assert.match(error.notes[0]!, /^It was otherwise when the run began\. Run again/);
      return true;
    });
  });
});
