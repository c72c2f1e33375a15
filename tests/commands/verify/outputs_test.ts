import assert from "node:assert/strict";
import { compareOutputs, firstDifference } from "../../../pipeline/commands/verify/outputs.ts";
import { encodeNpy } from "../../../pipeline/formats/npy.ts";
import { encodeSafetensors } from "../../../pipeline/formats/safetensors.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { KEY, putResult } from "../../store/result.ts";
import { temporaryFolder } from "../../store/temporary.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("the first number that differs is named with its place and both values", () => {
  const array = (x: number) => encodeNpy({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, x, 6) });
  assert.equal(firstDifference("latents.npy", array(5), array(5.5)), "at [1, 1]: 5 -> 5.5");
  const shape = encodeNpy({ shape: [3, 2], data: new Float32Array(6) });
  assert.equal(firstDifference("latents.npy", array(5), shape), "shape [2,3] -> [3,2]");
  const weights = (x: number) =>
    encodeSafetensors({
      a: { shape: [2], data: Float32Array.of(1, 2) },
      b: { shape: [1, 2], data: Float32Array.of(NaN, x) },
    });
  assert.equal(
    firstDifference("weights.safetensors", weights(0.5), weights(0.25)),
    "tensor b at [0, 1]: 0.5 -> 0.25",
  );
});

Deno.test("a text is compared by line, other files and damaged arrays by byte", () => {
  assert.equal(
    firstDifference("metrics.csv", bytes("epoch,loss\n1,2.5\n"), bytes("epoch,loss\n1,2.25\n")),
    'line 2, column 5: "1,2.5" -> "1,2.25"',
  );
  assert.equal(
    firstDifference("a.txt", bytes("same"), bytes("same\nmore")),
    'line 2, column 1: "" -> "more"',
  );
  assert.equal(firstDifference("a.png", Uint8Array.of(1, 2, 3), Uint8Array.of(1, 9, 3)), "byte 1: 2 -> 9");
  assert.equal(firstDifference("a.npy", Uint8Array.of(1, 2), Uint8Array.of(1)), "byte 1: 2 -> end of file");
});

Deno.test("outputs that are the same differ in nothing; one that is missing or new is named", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const record = await putResult(store, KEY, { "a.txt": "a", "b/c.txt": "c" });
  const again = `${folder.path}/again`;
  await Deno.mkdir(`${again}/b`, { recursive: true });
  await Deno.writeTextFile(`${again}/a.txt`, "a");
  assert.equal(await compareOutputs(store, record, again), "b/c.txt was not made this time");
  await Deno.writeTextFile(`${again}/b/c.txt`, "c");
  assert.equal(await compareOutputs(store, record, again), undefined);
  await Deno.writeTextFile(`${again}/d.txt`, "d");
  assert.equal(await compareOutputs(store, record, again), "d.txt was not made the first time");
  await Deno.writeTextFile(`${again}/a.txt`, "x");
  assert.match(
    (await compareOutputs(store, record, again))!,
    /^a\.txt differs: line 1, column 1: "a" -> "x"/,
  );
});
