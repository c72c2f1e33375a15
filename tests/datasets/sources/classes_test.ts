import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fetchFolder } from "../../../pipeline/datasets/sources/folder.ts";
import { fetchHttps } from "../../../pipeline/datasets/sources/https.ts";
import { type Delivery } from "../../../pipeline/datasets/sources/source.ts";
import { UserError } from "../../../pipeline/base/errors.ts";
import { noise, withDelivery } from "./delivery.ts";

const PIECES = { "minor/a.mid": noise("a", 300), "major/b.mid": noise("b", 200) };
const QUICK = { attempts: 1, backOff: 1, stall: 60_000 };

/** A dataset whose files lie in the folders of their classes, and no npm package. */
async function withPieces(test: (delivery: Delivery, folder: string) => Promise<void>): Promise<void> {
  await withDelivery(async (delivery) => {
    const { npm: _, ...origin } = delivery.origin;
    const files = Object.entries(PIECES).map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    }));
    const output = (name: string) => {
      Deno.mkdirSync(join(delivery.folder, "pieces", dirname(name)), { recursive: true });
      return join(delivery.folder, "pieces", name);
    };
    await test({ ...delivery, origin: { ...origin, files, mirrors: [] }, output }, delivery.folder);
  });
}

async function assertDelivered(delivery: Delivery): Promise<void> {
  for (const [name, bytes] of Object.entries(PIECES)) {
    assert.deepEqual(new Uint8Array(await Deno.readFile(delivery.output(name))), bytes);
  }
}

Deno.test("pieces are taken from a folder with or without sub-folders of classes", async () => {
  for (const place of [(name: string) => name, (name: string) => name.split("/")[1]!]) {
    await withPieces(async (delivery, folder) => {
      for (const [name, bytes] of Object.entries(PIECES)) {
        const path = join(folder, "mine", place(name));
        await Deno.mkdir(dirname(path), { recursive: true });
        await Deno.writeFile(path, bytes);
      }
      await fetchFolder(join(folder, "mine"), delivery);
      await assertDelivered(delivery);
    });
  }
});

Deno.test("pieces are downloaded from a site that has them all in one folder", async () => {
  const http = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, ({ url }) => {
    const name = Object.keys(PIECES).find((name) => new URL(url).pathname === `/midi/${name.split("/")[1]}`);
    return name === undefined
      ? new Response(null, { status: 404 })
      : new Response(PIECES[name as keyof typeof PIECES]);
  });
  try {
    await withPieces(async (delivery) => {
      const base = `http://127.0.0.1:${http.addr.port}/midi`;
      // A dataset's own list may hold plain HTTP: digests hold what arrives.
      await fetchHttps(undefined, { ...delivery, origin: { ...delivery.origin, mirrors: [base] } }, QUICK);
      await assertDelivered(delivery);
    });
  } finally {
    await http.shutdown();
  }
});

Deno.test("an unreachable site names the ways to take the files from elsewhere", async () => {
  await withPieces(async (delivery) => {
    const error = await fetchHttps(["https://nowhere.invalid/"], delivery, QUICK).then(
      () => assert.fail("it was delivered"),
      (error: unknown) => error,
    );
    assert.ok(error instanceof UserError);
    const notes = error.notes.join("\n");
    assert.match(notes, /dataset\.source\.type=folder --set dataset\.source\.path=FOLDER/);
    assert.match(notes, /dataset\.source\.mirrors=\["URL"\]/);
    assert.ok(!notes.includes("npm"));
  });
});
