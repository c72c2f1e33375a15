import { bytesOf, fromFloat16, inflated } from "./bytes.js";
import { unpackNetwork } from "./network.js";

/**
 * What the explorer shows and runs: `ExplorerData` of `explorer.ts` with its arrays unpacked. Matrices lie row by row.
 *
 * @typedef {object} Examples
 * @property {number[]} indices Their numbers in the part.
 * @property {number[]} labels
 * @property {number} of How many the part has.
 * @property {number} count
 * @property {(i: number) => Float32Array} values One example in [0, 1].
 */

/** @returns {Promise<object | undefined>} undefined where the page has no explorer */
export async function readExplorer() {
  const text = document.getElementById("explorer-data")?.textContent;
  if (!text) return undefined;
  const data = JSON.parse(text);
  const size = data.shape.reduce((product, side) => product * side, 1);
  const [decoder, row, encoder] = await Promise.all(
    [data.decoder, data.row, data.encoder].map((packed) => packed && unpackNetwork(packed)),
  );
  const [train, test] = await Promise.all([data.train, data.test].map((part) => examples(part, size)));
  const posterior = fromFloat16(bytesOf(data.test.posterior));
  const d = data.latentSize;
  const half = (i, which) => posterior.subarray((2 * i + which) * d, (2 * i + which + 1) * d);
  return {
    ...data,
    decoder,
    row,
    encoder,
    size,
    train,
    training: data.training && await training(data, size),
    test: {
      ...test,
      mean: (i) => half(i, 0),
      logVariance: (i) => half(i, 1),
      loss: (i) => ({ reconstruction: data.test.losses[2 * i], kl: data.test.losses[2 * i + 1] }),
    },
  };
}

/** What was kept of training: `codes(s, i)` of a test example at a snapshot, `picture(s, row)`, and the `originals`. */
async function training({ training: { latents, pictures, counts, ...rest }, test, latentSize }, size) {
  const codes = fromFloat16(await inflated(latents)), bytes = await inflated(pictures);
  const rows = counts.samples + counts.reconstructions + counts.side ** 2, n = test.indices.length;
  const values = (i) => Float32Array.from(bytes.subarray(i * size, (i + 1) * size), (byte) => byte / 255);
  return {
    ...rest,
    counts,
    codes: (snapshot, i) =>
      codes.subarray((snapshot * n + i) * latentSize, (snapshot * n + i + 1) * latentSize),
    original: values,
    picture: (snapshot, row) => values(counts.reconstructions + snapshot * rows + row),
  };
}

/** @returns {Promise<Examples>} */
async function examples({ indices, labels, of, pixels, scale }, size) {
  const bytes = await inflated(pixels);
  const values = (i) => Float32Array.from(bytes.subarray(i * size, (i + 1) * size), (byte) => byte * scale);
  return { indices, labels, of, count: indices.length, values };
}
