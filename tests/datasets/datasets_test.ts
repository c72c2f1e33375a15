import assert from "node:assert/strict";
import { sizeOf } from "../../pipeline/base/shape.ts";
import { datasetOf, DATASETS } from "../../pipeline/datasets/datasets.ts";
import type { DatasetDefinition } from "../../pipeline/datasets/dataset.ts";
import type { DatasetBase } from "../../pipeline/kinds/dataset_base.ts";
import { mnist } from "../../pipeline/datasets/mnist.ts";
import { freshDigests } from "../support/slice.ts";

/** Those whose files a spec need not say where to find. */
const PUBLISHED = Object.entries(DATASETS as Record<string, DatasetDefinition>)
  .filter(([_, { schema }]) => schema.shape.source.safeParse(undefined).success);

Deno.test("each dataset stands in the table under the name that its schema has", () => {
  for (const [name, { schema }] of Object.entries(DATASETS)) {
    assert.ok(schema.shape.name.safeParse(name).success, name);
    assert.equal(datasetOf({ name }), DATASETS[name as keyof typeof DATASETS]);
  }
});

Deno.test("every published dataset has files with digests, and a place to take them from", async () => {
  for (const [name, { schema, contents, places }] of PUBLISHED) {
    const dataset = schema.parse({ name }) as unknown as DatasetBase;
    const listed = (await contents(dataset, freshDigests())).files;
    assert.ok(listed.length > 0, name);
    for (const { sha256 } of listed) assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.ok(places.npm !== undefined || places.mirrors.length > 0, name);
  }
});

Deno.test("MNIST's files have the sizes that its counts imply, and https mirrors", () => {
  const { shape, parts } = mnist.preparation.facts;
  const bytes = (file: string) => mnist.contents().files.find(({ name }) => name === file)?.bytes;
  for (
    const [examples, { images, labels, perClass }] of [[60000, parts.train], [10000, parts.test]] as const
  ) {
    assert.equal(perClass.reduce((sum, count) => sum + count, 0), examples);
    assert.equal(bytes(images), 8 + 4 * shape.length + examples * sizeOf(shape));
    assert.equal(bytes(labels), 8 + examples);
  }
  for (const mirror of mnist.places.mirrors) assert.equal(new URL(mirror).protocol, "https:");
});
