/** Three imports away from the stage that draws. */
export const FACTOR: number = 3;
