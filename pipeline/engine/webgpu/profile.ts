/** What kernels are made for. It decides the bytes of results, so it follows from the adapter alone. */
export interface Profile {
  /** Invocations of a workgroup where nothing else is said. */
  readonly width: number;
  /** Threads along the rows and along the columns of a product's tile. */
  readonly grid: number;
  /** The most rows and columns of a tile that one thread computes. */
  readonly mostPerThread: number;
  /** Workgroups that keep the adapter busy. */
  readonly workgroups: number;
}

/** A processor that plays the adapter compiles small kernels within reason, and large ones in minutes. */
export const SOFTWARE: Profile = { width: 64, grid: 8, mostPerThread: 2, workgroups: 8 };

export const HARDWARE: Profile = { width: 256, grid: 16, mostPerThread: 8, workgroups: 264 };
