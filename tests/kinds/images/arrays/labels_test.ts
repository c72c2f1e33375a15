import assert from "node:assert/strict";
import { UserError } from "../../../../pipeline/base/errors.ts";
import { encodeNpy } from "../../../../pipeline/formats/npy.ts";
import { numberClasses, readLabels } from "../../../../pipeline/kinds/images/arrays/labels.ts";
import { temporaryFolder } from "../../../store/temporary.ts";
import { writeFiles } from "../pictures/painted.ts";

/** What `numpy.save` writes of an array of text, each padded with NUL to so many letters. */
function textNpy(texts: readonly string[], letters: number): Uint8Array {
  const header =
    `{'descr': '<U${letters}', 'fortran_order': False, 'shape': (${texts.length},), }`.padEnd(117) +
    "\n";
  const codes = texts.flatMap((text) => {
    const points = [...text].map((letter) => letter.codePointAt(0)!);
    return [...points, ...new Array(letters - points.length).fill(0)];
  });
  const bytes = new Uint8Array(128 + 4 * codes.length);
  bytes.set(encodeNpy({ shape: [], data: new Uint8Array(1) }).subarray(0, 8));
  bytes.set([118, 0], 8);
  new TextEncoder().encodeInto(header, bytes.subarray(10));
  bytes.set(new Uint8Array(Uint32Array.from(codes).buffer), 128);
  return bytes;
}

async function labelsIn(bytes: Uint8Array, examples: number) {
  await using folder = await temporaryFolder();
  await writeFiles(folder.path, { "y.npy": bytes });
  return await readLabels({ array: "y.npy" }, examples, (file) => `${folder.path}/${file}`);
}

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return [error.message, ...error.notes].join("\n");
  }
  return "";
}

Deno.test("labels that are not the same are never one class: whole numbers beyond 2^53, and text with NUL in it, among them", async () => {
  const numbers = BigInt64Array.of(2n ** 53n, 2n ** 53n + 1n);
  assert.match(
    await refusal(() => labelsIn(encodeNpy({ shape: [2], data: numbers }), 2)),
    /^Cannot take 9007199254740992 for a label: it is beyond 2\^53\nIt is in y\.npy/,
  );
  const texts = ["a\0b", "ab", "ä", ""];
  assert.deepEqual(await labelsIn(textNpy(texts, 5), 4), texts);
  assert.match(
    await refusal(() => labelsIn(textNpy(["a".repeat(101)], 200_000), 1)),
    /^Cannot take a text of 101 letters for a label: at most 100 are read/,
  );
  assert.match(
    await refusal(() => numberClasses([1, 2, "1"], undefined)),
    /^Cannot tell classes apart: some labels are numbers, and some are text/,
  );
  assert.match(
    await refusal(() => numberClasses(Array.from({ length: 257 }, (_, i) => i), undefined)),
    /^Cannot tell 257 classes apart: at most 256 are told\nThe labels go from 0 to 256\./,
  );
});

Deno.test("names of classes stand for labels in rising order, or for places where all labels are places, and then it is said who has no example", () => {
  assert.deepEqual(numberClasses([7, 3, 7], ["three", "seven"]), {
    classes: ["three", "seven"],
    labels: Uint8Array.of(1, 0, 1),
    notices: [],
  });
  const { labels, notices } = numberClasses([1, 2, 2], ["zero", "one", "two"]);
  assert.deepEqual([...labels], [1, 2, 2]);
  assert.deepEqual(notices, [
    "There is no example of zero: labels are taken for places in dataset.classes, and 0 is zero",
  ]);
});
