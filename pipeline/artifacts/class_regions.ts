import { UserError } from "../base/errors.ts";
import type { Moments } from "../metrics/latent.ts";
import { type Artifact, npyArtifact } from "./artifact.ts";

/** Where the training posteriors of each class lie, by label. */
export interface ClassRegions {
  readonly latentSize: number;
  /** Undefined for a class without examples. */
  readonly regions: readonly (Moments | undefined)[];
}

const ARRAY = npyArtifact<Float32Array>("evaluate/class-regions.npy", Float32Array);

/** The file is [classes, 1 + latent size, latent size]: mean and covariance; NaN for a class without examples. */
export const CLASS_REGIONS: Artifact<ClassRegions> = {
  name: ARRAY.name,
  encode: ({ latentSize, regions }) => {
    const size = (1 + latentSize) * latentSize;
    const data = new Float32Array(regions.length * size).fill(NaN);
    regions.forEach((region, label) => {
      if (region) data.set([...region.mean, ...region.covariance], label * size);
    });
    return ARRAY.encode({ shape: [regions.length, 1 + latentSize, latentSize], data });
  },
  decode: (bytes) => {
    const { shape, data } = ARRAY.decode(bytes);
    const [classes, rows, latentSize] = shape;
    if (shape.length !== 3 || rows !== 1 + latentSize!) {
      throw new UserError(
        `Cannot read ${ARRAY.name}: [${shape}] is not [classes, 1 + latent size, latent size]`,
      );
    }
    const size = rows * latentSize!;
    return {
      latentSize: latentSize!,
      regions: Array.from({ length: classes! }, (_, label) => {
        const region = Float64Array.from(data.subarray(label * size, (label + 1) * size));
        if (Number.isNaN(region[0])) return undefined;
        return { mean: region.subarray(0, latentSize), covariance: region.subarray(latentSize) };
      }),
    };
  },
};
