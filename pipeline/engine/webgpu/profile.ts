/** The bytes that the threads of a workgroup may share. */
export const SHARED_BYTES = 32768;

/** What kernels are made for. It decides the bytes of results, so it follows from the adapter alone. */
export interface Profile {
  /** Invocations of a workgroup: the same everywhere, so that one dispatch can do what several kernels do. */
  readonly width: number;
  /** The most kernels that one dispatch does. */
  readonly kernelsAtOnce: number;
  /** Workgroups that keep the adapter busy. */
  readonly workgroups: number;
  /** What works at once: multiprocessors, each with some workgroups. */
  readonly units: number;
  /** The tiles that products can be made of. */
  readonly tiles: readonly ProductTile[];
  /** Whether loops are written out, and products read ahead: that is faster, and its code takes long to compile. */
  readonly unrolls: boolean;
}

/** A tile of a product's result: what one workgroup computes. */
export interface ProductTile {
  /** Threads along each side. */
  readonly grid: number;
  /** So often is there such a grid of threads, each for other terms: `depth` of them at once. */
  readonly slices: number;
  readonly depth: number;
  /** Rows and columns of one thread, multiples of 4. */
  readonly tall: number;
  readonly wide: number;
  /** The share of the arithmetic's full speed that it reaches, and workgroups that a unit works on at once. */
  readonly efficiency: number;
  readonly together: number;
}

/** A processor that plays the adapter compiles small kernels within reason, and large ones in minutes. */
export const SOFTWARE: Profile = {
  width: 64,
  kernelsAtOnce: 1,
  workgroups: 8,
  units: 2,
  tiles: [{ grid: 4, slices: 4, depth: 16, tall: 4, wide: 4, efficiency: 1, together: 1 }],
  unrolls: false,
};

/** A GPU: the numbers are those of an H100, and right enough for smaller ones. */
export const HARDWARE: Profile = {
  width: 256,
  kernelsAtOnce: 32,
  workgroups: 264,
  units: 132,
  tiles: [
    { grid: 16, slices: 1, depth: 16, tall: 8, wide: 8, efficiency: 0.7, together: 1 },
    { grid: 16, slices: 1, depth: 16, tall: 8, wide: 4, efficiency: 0.6, together: 2 },
    { grid: 16, slices: 1, depth: 16, tall: 4, wide: 8, efficiency: 0.6, together: 2 },
    { grid: 16, slices: 1, depth: 16, tall: 4, wide: 4, efficiency: 0.5, together: 3 },
    { grid: 8, slices: 4, depth: 16, tall: 4, wide: 4, efficiency: 0.45, together: 3 },
    { grid: 4, slices: 16, depth: 8, tall: 4, wide: 4, efficiency: 0.45, together: 3 },
  ],
  unrolls: true,
};
