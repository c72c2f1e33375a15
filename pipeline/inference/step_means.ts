/** A step that is to be written, of examples side by side. */
export interface StepMeans {
  /** Examples. */
  readonly count: number;
  /** In so many turns the values of the step are drawn: 1 where none depends on another. */
  readonly draws: number;
  /**
   * The means of p(x|z) of the step, [count, features], each given what was drawn before it in the step; what is drawn
   * later is not looked at. Where there are several turns, each call gives an array of its own.
   *
   * @param drawn what is known of the step, [count, features]
   */
  given(drawn: ArrayLike<number>): Float32Array;
}

/** Chooses what is written at a step, [n, features], from its means. */
export type ChooseStep = (step: StepMeans) => ArrayLike<number>;

/** The means themselves: whatever is drawn later reads the means of what is drawn before. */
export const chooseMeans: ChooseStep = ({ draws, given }) => {
  let means = given(new Float32Array(0));
  for (let draw = 1; draw < draws; draw++) {
    const next = given(means);
    // What changes nothing will not change anything in further rounds either.
    if (next.every((mean, at) => Object.is(mean, means[at]))) break;
    means = next;
  }
  return means;
};
