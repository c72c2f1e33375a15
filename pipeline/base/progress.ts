/** How far a piece of work has come. */
export interface Progress {
  /** 0..1 */
  readonly fraction: number;
  /** For example "epoch 3/20  step 120/468  12,400 examples/s  loss 112.4". */
  readonly text: string;
  /** How long the rest will take, where that is known. */
  readonly secondsLeft?: number;
}
