/** How far a stage is, for its user. */
export interface Progress {
  /** 0 to 1. */
  readonly fraction: number;
  /** What is being done, in a few words: `epoch 3/20  loss 101.23`. */
  readonly text: string;
  /** What else is known, what is worth most first. It is shown where there is room. */
  readonly details?: readonly string[];
  /** Numbers worth drawing over time, by name: `epoch`, with its fraction, and `loss`. */
  readonly values?: Readonly<Record<string, number>>;
  /** How long the rest will take; left out as long as it cannot be told. */
  readonly secondsLeft?: number;
}
