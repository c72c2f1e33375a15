import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { UserError } from "../../../pipeline/base/errors.ts";
import { fetchFolder } from "../../../pipeline/datasets/sources/folder.ts";
import { folderProblem } from "../../../pipeline/datasets/sources/folder_files.ts";
import { FILES, type TestDelivery, withDelivery } from "./delivery.ts";

/** A folder with the two files, one of them gzipped. */
async function userFolder(delivery: TestDelivery): Promise<string> {
  const folder = join(delivery.folder, "mine");
  await Deno.mkdir(folder);
  await Deno.writeFile(join(folder, "images-ubyte.gz"), gzipSync(FILES["images-ubyte"]!));
  await Deno.writeFile(join(folder, "labels-ubyte"), FILES["labels-ubyte"]!);
  return folder;
}

Deno.test("folder: files are copied, unpacked where they are gzipped", async () => {
  await withDelivery(async (delivery) => {
    await fetchFolder(await userFolder(delivery), delivery);
    for (const [name, bytes] of Object.entries(FILES)) {
      assert.deepEqual(new Uint8Array(await Deno.readFile(delivery.output(name))), bytes);
    }
  });
});

Deno.test("folder: what is missing or wrong is named, and no broken file is left", async () => {
  const labels = FILES["labels-ubyte"]!;
  const cases: [(path: string) => void, RegExp][] = [
    [(path) => Deno.removeSync(path), /labels-ubyte is not there$/],
    [
      (path) => Deno.writeFileSync(path, labels.subarray(0, 999)),
      /it has 999 bytes, not 1000: it was cut off$/,
    ],
    [(path) => Deno.writeFileSync(path, new Uint8Array(2000)), /it has more than 1000 bytes$/],
    [
      (path) => Deno.writeFileSync(path, labels.with(500, labels[500]! ^ 1)),
      /its SHA-256 is [0-9a-f]{64}, not/,
    ],
    [(path) => (Deno.removeSync(path), Deno.mkdirSync(path)), /it is not a regular file$/],
  ];
  for (const [damage, problem] of cases) {
    await withDelivery(async (delivery) => {
      const folder = await userFolder(delivery);
      damage(join(folder, "labels-ubyte"));
      await assert.rejects(fetchFolder(folder, delivery), (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /^Cannot take Test data from the folder /);
        assert.match(error.message, problem);
        assert.match(error.notes[0]!, /^It must hold images-ubyte, labels-ubyte, each as it is or gzipped/);
        return true;
      });
      assert.deepEqual(delivery.left().output, ["images-ubyte"]);
    });
  }
});

/** Digests as the store gives them, counted. */
class CountedDigests {
  read = 0;

  async digest(path: string): Promise<string> {
    this.read++;
    return hash(await Deno.readFile(path));
  }

  async unpackedDigest(path: string): Promise<string> {
    this.read++;
    const packed = new Response(await Deno.readFile(path)).body!;
    return hash(await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).bytes());
  }
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

Deno.test("folder: it is whole where every file is there, packed or not, and has the digest of the dataset's", async () => {
  await withDelivery(async (delivery) => {
    const digests = new CountedDigests();
    const folder = await userFolder(delivery);
    const problem = async () => (await folderProblem(folder, delivery, digests))?.message;
    assert.equal(await problem(), undefined);
    assert.equal(digests.read, 2);

    const packed = join(folder, "images-ubyte.gz");
    await Deno.writeFile(packed, gzipSync(FILES["images-ubyte"]!.with(7, 0)));
    assert.match((await problem())!, /images-ubyte\.gz is not the file of this dataset: its SHA-256 is/);
    await Deno.writeFile(packed, gzipSync(FILES["images-ubyte"]!).subarray(0, 5000));
    assert.match(
      (await problem())!,
      /images-ubyte\.gz is not the file of this dataset: it cannot be unpacked/,
    );
    await Deno.remove(packed);
    assert.match((await problem())!, /images-ubyte is not there/);
  });
});

Deno.test("folder: a file of another size is refused unread", async () => {
  await withDelivery(async (delivery) => {
    const digests = new CountedDigests();
    const folder = await userFolder(delivery);
    await Deno.writeFile(join(folder, "images-ubyte"), new Uint8Array(5));
    const error = await folderProblem(folder, delivery, digests);
    assert.match(error!.message, /images-ubyte is not the file of this dataset: it has 5 bytes, not 200000/);
    assert.equal(digests.read, 0);
  });
});
