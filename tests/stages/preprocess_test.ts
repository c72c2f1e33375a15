import assert from "node:assert/strict";
import { join } from "node:path";
import { type PartName, PARTS, readDataset } from "../../pipeline/artifacts/dataset.ts";
import type { ImageInfo } from "../../pipeline/kinds/images/prepare.ts";
import { mnist } from "../../pipeline/datasets/mnist.ts";
import { UserError } from "../../pipeline/base/errors.ts";
import { decodeNpy } from "../../pipeline/formats/npy.ts";
import { decodePng } from "../../pipeline/formats/png.ts";
import type { ImagesSlice } from "../../pipeline/kinds/images/prepare.ts";
import { run } from "../../pipeline/stages/preprocess.ts";
import { DECLARATIONS } from "../../pipeline/stages/declarations.ts";
import { experimentSchema } from "../../pipeline/spec/experiment.ts";
import { stageContext } from "./context.ts";
import { sliceOf } from "../support/slice.ts";

const SIZE = 28 * 28;

/** Pixel j of example i, a pattern that every test can compute. */
function pixel(i: number, j: number): number {
  return (i * 31 + j * 7) % 256;
}

function idx(shape: number[], data: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x800 + shape.length);
  for (const [i, n] of shape.entries()) header.setUint32(4 + 4 * i, n);
  return Uint8Array.of(...new Uint8Array(header.buffer), ...data);
}

/** Runs the stage over 40 training and 20 test images of the pattern; the label of example i is i % 10. */
async function withStage(
  change: Partial<ImagesSlice>,
  test: (folder: string, output: (name: string) => string) => Promise<void>,
  damage: (download: string) => void = () => {},
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "reparam-" });
  try {
    const download = join(folder, "download");
    await Deno.mkdir(download);
    for (const [pair, count] of [["train", 40], ["test", 20]] as const) {
      const { images, labels } = mnist.preparation.facts.parts[pair];
      const pixels = Uint8Array.from(
        { length: count * SIZE },
        (_, k) => pixel(Math.floor(k / SIZE), k % SIZE),
      );
      await Deno.writeFile(join(download, images), idx([count, 28, 28], pixels));
      await Deno.writeFile(
        join(download, labels),
        idx([count], Uint8Array.from({ length: count }, (_, i) => i % 10)),
      );
    }
    const source = { authors: [], licence: { name: "none", url: "" }, url: "", files: [] };
    await Deno.writeTextFile(join(download, "source.json"), JSON.stringify(source));
    damage(download);
    const slice: ImagesSlice = {
      dataset: "mnist",
      title: mnist.title,
      ...mnist.preparation.facts,
      split: {
        train: { count: 25, offset: 5 },
        validation: { perClass: 1, offset: 3 },
        test: { count: 20, offset: 0 },
        order: "file",
      },
      binarisation: "none",
      seed: 0,
      ...change,
    };
    const { context } = await stageContext(folder, "preprocess", slice, {
      modules: { preparation: mnist.preparation.module },
    });
    await run(context);
    await test(folder, (name) => join(folder, "preprocess", name));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Which examples of the file each part must hold. */
const POSITIONS: Record<PartName, number[]> = {
  train: Array.from({ length: 25 }, (_, i) => i + 5),
  validation: Array.from({ length: 10 }, (_, i) => i + 30),
  test: Array.from({ length: 20 }, (_, i) => i),
};

Deno.test("preprocess: each part holds its examples, labels, counts and means", async () => {
  await withStage({}, async (_, output) => {
    const { info, ...parts } = await readDataset(output);
    for (const name of PARTS) {
      const positions = POSITIONS[name];
      const { shape } = decodeNpy(await Deno.readFile(output(`${name}.npy`)));
      assert.deepEqual(shape, [positions.length, 28, 28]);
      const values = positions.flatMap((i) => Array.from({ length: SIZE }, (_, j) => pixel(i, j)));
      assert.deepEqual([...parts[name].images], values);
      assert.deepEqual([...parts[name].labels], positions.map((i) => i % 10));
      const facts = info.parts[name];
      assert.equal(facts.examples, positions.length);
      assert.deepEqual(
        facts.perClass,
        mnist.preparation.facts.classes.map((_, label) => positions.filter((i) => i % 10 === label).length),
      );
      const mean = values.reduce((a, b) => a + b, 0) / values.length / 255;
      assert.ok(Math.abs(facts.mean! - mean) < 1e-12);
      assert.equal(facts.bytes, (await Deno.stat(output(`${name}.npy`))).size);
    }
    for (const [j, mean] of (info as ImageInfo).pixelMean.entries()) {
      const expected = POSITIONS.train.reduce((sum, i) => sum + pixel(i, j), 0) / 25 / 255;
      assert.ok(Math.abs(mean - expected) < 1e-12);
    }
    assert.equal(
      info.split,
      "train: 25 from position 5; validation: 1 of each class from position 3 of the class of the training file; " +
        "test: 20 from position 0 of the test file; in file order",
    );
  });
});

Deno.test("preprocess: the contact sheet shows each class in a row", async () => {
  await withStage({}, async (_, output) => {
    const { width, height, pixels } = decodePng(await Deno.readFile(output("contact-sheet.png")));
    assert.deepEqual([width, height], [16 * 30 + 2, 10 * 30 + 2]);
    const grey = (x: number, y: number) => pixels[4 * (y * width + x)];
    for (let label = 0; label < 10; label++) {
      const shown = POSITIONS.train.filter((i) => i % 10 === label);
      for (const [column, example] of shown.entries()) {
        for (const j of [0, 27, 400, 783]) {
          const [x, y] = [2 + column * 30 + j % 28, 2 + label * 30 + Math.floor(j / 28)];
          assert.equal(grey(x, y), pixel(example, j));
        }
      }
      assert.equal(grey(2 + shown.length * 30, 2 + label * 30), 255);
    }
  });
});

Deno.test("preprocess: binary data is 0 and 1 with scale 1; the static sample is the same bytes each time", async () => {
  for (const binarisation of ["threshold", "static"] as const) {
    const files: Uint8Array[] = [];
    for (let time = 0; time < 2; time++) {
      await withStage({ binarisation, seed: 5 }, async (_, output) => {
        const { info, train } = await readDataset(output);
        assert.equal(info.scale, 1);
        assert.ok(train.images.every((value) => value <= 1));
        assert.ok(Math.abs(info.parts.train.mean! - 0.5) < 0.02);
        files.push(await Deno.readFile(output("train.npy")));
      });
    }
    assert.deepEqual(files[0], files[1]);
  }
});

Deno.test("preprocess: an example's static sample does not depend on the split", async () => {
  await withStage({ binarisation: "static", seed: 5 }, async (_, output) => {
    const one = await readDataset(output);
    const split: ImagesSlice["split"] = {
      train: { count: 35, offset: 0 },
      validation: { count: 5, offset: 35 },
      test: { count: 0, offset: 0 },
      order: "file",
    };
    await withStage({ binarisation: "static", seed: 5, split }, async (_, output) => {
      const other = await readDataset(output);
      assert.deepEqual(other.train.images.subarray(5 * SIZE, 30 * SIZE), one.train.images);
      assert.equal(other.test.examples, 0);
      assert.equal(other.info.parts.test.mean, null);
    });
  });
});

Deno.test("preprocess: a damaged file is named", async () => {
  const { images } = mnist.preparation.facts.parts.test;
  const cut = (download: string) => Deno.truncateSync(join(download, images), 1000);
  await assert.rejects(withStage({}, () => Promise.resolve(), cut), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, new RegExp(`^Cannot read ${images}: 20 x 28 x 28 takes 15680 bytes`));
    return true;
  });
});

Deno.test("preprocess: the seed is in the slice only where it is drawn from", async () => {
  const declaration = DECLARATIONS.find(({ name }) => name === "preprocess")!;
  const seed = async (dataset: object) => {
    const spec = experimentSchema.parse({
      name: "x",
      seed: 9,
      dataset: { name: "mnist", ...dataset },
      model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
    });
    return (await sliceOf(declaration, spec, { engine: "portable" }) as unknown as ImagesSlice).seed;
  };
  assert.equal(await seed({}), 0);
  assert.equal(await seed({ binarisation: "dynamic" }), 0);
  assert.equal(await seed({ binarisation: "static" }), 9);
  assert.equal(await seed({ split: { order: "shuffled" } }), 9);
});
