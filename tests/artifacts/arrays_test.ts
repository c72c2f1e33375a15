import assert from "node:assert/strict";
import { readArtifact, writeArtifact } from "../../pipeline/artifacts/artifact.ts";
import { CLASS_REGIONS } from "../../pipeline/artifacts/class_regions.ts";
import { EXAMPLE_LOSSES, totalLosses } from "../../pipeline/artifacts/example_losses.ts";
import { LATENTS, LATENTS_JSON } from "../../pipeline/artifacts/latents.ts";
import { POSTERIOR } from "../../pipeline/artifacts/posterior.ts";
import { UserError } from "../../pipeline/base/errors.ts";
import { decodeNpy, encodeNpy } from "../../pipeline/formats/npy.ts";
import { temporaryFolder } from "../store/temporary.ts";

const matrix = (rows: number, columns: number, from: number) => ({
  rows,
  columns,
  data: Float32Array.from({ length: rows * columns }, (_, i) => from + i),
});

Deno.test("posterior.npy is [examples, 2, latent size]: the mean, then the log variance", () => {
  const posteriors = { mean: matrix(2, 3, 0), logVariance: matrix(2, 3, 100) };
  const encoded = POSTERIOR.encode(posteriors);
  assert.deepEqual(decodeNpy(encoded), {
    shape: [2, 2, 3],
    data: Float32Array.of(0, 1, 2, 100, 101, 102, 3, 4, 5, 103, 104, 105),
  });
  assert.deepEqual(POSTERIOR.decode(encoded), posteriors);
});

Deno.test("example-losses.npy is [examples, 2]: reconstruction, KL", () => {
  const encoded = EXAMPLE_LOSSES.encode({ reconstruction: [10, 20], kl: [1, 2] });
  assert.deepEqual(decodeNpy(encoded), { shape: [2, 2], data: Float32Array.of(10, 1, 20, 2) });
  assert.deepEqual(totalLosses(EXAMPLE_LOSSES.decode(encoded)), Float64Array.of(11, 22));
});

Deno.test("class-regions.npy is [classes, 1 + latent size, latent size], with NaN for a class without examples", () => {
  const encoded = CLASS_REGIONS.encode({
    latentSize: 2,
    regions: [undefined, { mean: Float64Array.of(1, 2), covariance: Float64Array.of(3, 4, 5, 6) }],
  });
  assert.deepEqual(decodeNpy(encoded), {
    shape: [2, 3, 2],
    data: Float32Array.of(NaN, NaN, NaN, NaN, NaN, NaN, 1, 2, 3, 4, 5, 6),
  });
  const { latentSize, regions: [none, some] } = CLASS_REGIONS.decode(encoded);
  assert.deepEqual([latentSize, none], [2, undefined]);
  assert.deepEqual([...some!.mean], [1, 2]);
  assert.deepEqual([...some!.covariance], [3, 4, 5, 6]);
});

Deno.test("an array of another type or shape is refused by name", () => {
  const bytes = encodeNpy({ shape: [2], data: Uint8Array.of(1, 2) });
  for (const { name, decode } of [LATENTS, POSTERIOR, EXAMPLE_LOSSES, CLASS_REGIONS]) {
    assert.throws(() => decode(bytes), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.ok(error.message.startsWith(`Cannot read ${name}: its values are not`), error.message);
      return true;
    });
  }
  const flat = encodeNpy({ shape: [4], data: new Float32Array(4) });
  for (const { name, decode } of [POSTERIOR, EXAMPLE_LOSSES, CLASS_REGIONS]) {
    assert.throws(() => decode(flat), new RegExp(`Cannot read ${name}: \\[4\\] is not \\[`));
  }
});

Deno.test("a stage writes an artifact among its outputs, and a later one reads it from its inputs", async () => {
  await using folder = await temporaryFolder();
  const decoded = { samples: 2, reconstructions: 2, side: 0 };
  const written = { epochs: [0, 3], examples: [5, 7], decoded };
  await writeArtifact({ output: (path) => `${folder.path}/${path}` }, LATENTS_JSON, written);
  const names: string[] = [];
  const input = (name: string) => {
    names.push(name);
    return `${folder.path}/latents.json`;
  };
  assert.deepEqual(await readArtifact({ input }, LATENTS_JSON), written);
  assert.deepEqual(names, ["train/latents.json"]);
  assert.equal(
    await Deno.readTextFile(`${folder.path}/latents.json`),
    JSON.stringify(written, null, 2) + "\n",
  );
  await Deno.writeTextFile(`${folder.path}/latents.json`, "{");
  await assert.rejects(
    readArtifact({ input }, LATENTS_JSON),
    /Cannot read train\/latents\.json: it is no JSON/,
  );
});
