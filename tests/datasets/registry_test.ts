import assert from "node:assert/strict";
import { IMAGE_DATASETS, type ImageDatasetName } from "../../pipeline/datasets/facts.ts";
import { ORIGINS } from "../../pipeline/datasets/registry.ts";

Deno.test("registry: every dataset has its files, with sizes that its facts imply, and https mirrors", () => {
  for (const [name, { shape, files: facts }] of Object.entries(IMAGE_DATASETS)) {
    const { files, idx, mirrors } = ORIGINS[name as ImageDatasetName];
    const size = shape.reduce((a, b) => a * b, 1);
    for (const part of ["train", "test"] as const) {
      const bytes = (file: string) => files.find(({ name }) => name === file)?.bytes;
      assert.equal(bytes(idx[part].images), 8 + 4 * shape.length + facts[part].examples * size);
      assert.equal(bytes(idx[part].labels), 8 + facts[part].examples);
    }
    for (const { sha256 } of files) assert.match(sha256, /^[0-9a-f]{64}$/);
    for (const mirror of mirrors) assert.equal(new URL(mirror).protocol, "https:");
  }
});
