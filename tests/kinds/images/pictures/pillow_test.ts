import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeJpeg } from "../../../../pipeline/formats/jpeg.ts";
import { decodePng } from "../../../../pipeline/formats/png.ts";
import { fitPicture } from "../../../../pipeline/kinds/images/pictures/fit.ts";
import { hasPython, python } from "../../../support/python.ts";
import { temporaryFolder } from "../../../store/temporary.ts";

interface Named {
  readonly name: string;
  readonly height: number;
  readonly width: number;
}

/** Largest and mean distance of two lists of bytes. */
function distance(a: Uint8Array, b: Uint8Array): { largest: number; mean: number } {
  assert.equal(a.length, b.length);
  const distances = Array.from(a, (value, i) => Math.abs(value - b[i]!));
  return {
    largest: distances.reduce((most, one) => Math.max(most, one), 0),
    mean: distances.reduce((sum, one) => sum + one, 0) / distances.length,
  };
}

Deno.test({
  name: "pictures are read and scaled as Pillow reads and scales them",
  ignore: !hasPython("PIL", "numpy"),
  async fn(test) {
    await using folder = await temporaryFolder();
    const script = fileURLToPath(new URL("./write_pictures.py", import.meta.url));
    const { success, stderr } = python([script, folder.path]);
    assert(success, new TextDecoder().decode(stderr));
    const bytes = (name: string) => Deno.readFileSync(join(folder.path, name));
    const { exact, near, scaled }: Record<"exact" | "near" | "scaled", Named[]> = JSON.parse(
      Deno.readTextFileSync(join(folder.path, "names.json")),
    );

    for (const { name, width, height } of exact) {
      await test.step(name, () => {
        const picture = decodePng(bytes(name), name);
        assert.deepEqual([picture.width, picture.height], [width, height]);
        assert.deepEqual(distance(picture.pixels, bytes(`${name}.rgba`)), { largest: 0, mean: 0 });
      });
    }
    for (const { name, width, height } of near) {
      await test.step(name, () => {
        const picture = decodeJpeg(bytes(name), name);
        assert.deepEqual([picture.width, picture.height], [width, height]);
        // libjpeg interpolates chrominance that is stored at half the size; here each value is repeated.
        const { mean, largest } = distance(picture.pixels, bytes(`${name}.rgba`));
        const isSubsampled = /-s[12]-/.test(name) || /restart|cmyk/.test(name);
        assert(mean < (isSubsampled ? 4 : 0.75) && largest < (isSubsampled ? 80 : 8), `${mean} ${largest}`);
      });
    }
    const noise = decodePng(bytes("noise.png"));
    for (const { name, width, height } of scaled) {
      await test.step(name, () => {
        const fitted = fitPicture(noise, {
          size: [height, width],
          fit: name === "cut" ? "crop" : "stretch",
          colour: "rgb",
          background: [0, 0, 0],
        });
        // Pillow rounds to bytes between the two axes.
        assert(distance(fitted, bytes(`${name}.rgb`)).largest <= 1);
      });
    }
  },
});
