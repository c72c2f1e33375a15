import { UserError } from "../base/errors.ts";
import type { Posteriors } from "../metrics/latent.ts";
import { type Artifact, npyArtifact } from "./artifact.ts";

const ARRAY = npyArtifact<Float32Array>("evaluate/posterior.npy", Float32Array);

/** q(z|x) of each test example; the file is [examples, 2, latent size]: the mean, then the log variance. */
export const POSTERIOR: Artifact<Posteriors> = {
  name: ARRAY.name,
  encode: ({ mean, logVariance }) => {
    const { rows, columns } = mean;
    const data = new Float32Array(rows * 2 * columns);
    for (let i = 0; i < rows; i++) {
      const row = [i * columns, (i + 1) * columns] as const;
      data.set(mean.data.subarray(...row), 2 * i * columns);
      data.set(logVariance.data.subarray(...row), (2 * i + 1) * columns);
    }
    return ARRAY.encode({ shape: [rows, 2, columns], data });
  },
  decode: (bytes) => {
    const { shape, data } = ARRAY.decode(bytes);
    const [rows, halves, columns] = shape;
    if (shape.length !== 3 || halves !== 2) {
      throw new UserError(`Cannot read ${ARRAY.name}: [${shape}] is not [examples, 2, latent size]`);
    }
    const half = (offset: number) => {
      const values = new Float32Array(rows! * columns!);
      for (let i = 0; i < rows!; i++) {
        const from = (2 * i + offset) * columns!;
        values.set(data.subarray(from, from + columns!), i * columns!);
      }
      return { rows: rows!, columns: columns!, data: values };
    };
    return { mean: half(0), logVariance: half(1) };
  },
};
