import assert from "node:assert/strict";
import { join } from "node:path";
import { copyVerified } from "../../pipeline/datasets/verified_copy.ts";
import { UserError } from "../../pipeline/base/errors.ts";
import { explainDiskError } from "../../pipeline/store/disk.ts";
import { FILES, ORIGIN, withDelivery } from "./sources/delivery.ts";

Deno.test({
  name: "a full disk: the copy fails with an error that can be explained, and nothing is left",
  ignore: Deno.build.os !== "linux", // /dev/full, where every write finds no room
  async fn() {
    await withDelivery(async (delivery) => {
      const from = join(delivery.folder, "from");
      await Deno.writeFile(from, FILES["labels-ubyte"]!);
      await Deno.symlink("/dev/full", delivery.output("labels-ubyte"));
      const copy = copyVerified(from, delivery.output("labels-ubyte"), ORIGIN.files[1]!, delivery.signal);
      await assert.rejects(copy, (error: unknown) => {
        const explained = explainDiskError(error, "Cannot write");
        assert.ok(explained instanceof UserError);
        assert.match(explained.message, /the disk is full/);
        return true;
      });
      assert.deepEqual(delivery.left().output, []);
    });
  },
});

Deno.test("an interruption ends the copy and leaves nothing", async () => {
  const interruption = new AbortController();
  await withDelivery(async (delivery) => {
    const from = join(delivery.folder, "from");
    await Deno.writeFile(from, FILES["images-ubyte"]!);
    interruption.abort();
    const copy = copyVerified(from, delivery.output("images-ubyte"), ORIGIN.files[0]!, delivery.signal);
    await assert.rejects(copy, { name: "AbortError" });
    assert.deepEqual(delivery.left().output, []);
  }, { signal: interruption.signal });
});
