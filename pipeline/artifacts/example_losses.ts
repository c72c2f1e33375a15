import { UserError } from "../base/errors.ts";
import { type Artifact, npyArtifact } from "./artifact.ts";

/** Both terms of each test example's negative ELBO at one sample of z, in nats. */
export interface LossTerms {
  /** -log p(x|z) */
  readonly reconstruction: ArrayLike<number>;
  /** KL(q(z|x) || p(z)) */
  readonly kl: ArrayLike<number>;
}

const ARRAY = npyArtifact<Float32Array>("evaluate/example-losses.npy", Float32Array);

/** The file is [examples, 2]: reconstruction, KL. */
export const EXAMPLE_LOSSES: Artifact<LossTerms> = {
  name: ARRAY.name,
  encode: ({ reconstruction, kl }) => {
    const data = new Float32Array(2 * kl.length);
    for (let i = 0; i < kl.length; i++) data.set([reconstruction[i]!, kl[i]!], 2 * i);
    return ARRAY.encode({ shape: [kl.length, 2], data });
  },
  decode: (bytes) => {
    const { shape, data } = ARRAY.decode(bytes);
    if (shape.length !== 2 || shape[1] !== 2) {
      throw new UserError(`Cannot read ${ARRAY.name}: [${shape}] is not [examples, 2]`);
    }
    const column = (offset: number) =>
      Float32Array.from({ length: shape[0]! }, (_, i) => data[2 * i + offset]!);
    return { reconstruction: column(0), kl: column(1) };
  },
};

/** The negative ELBO of each example, in nats. */
export function totalLosses({ reconstruction, kl }: LossTerms): Float64Array {
  return Float64Array.from(kl, (value, i) => reconstruction[i]! + value);
}
