/** The rules by which weights are drawn at first; `variables.ts` says what each does. */
export const INITIALISATION_NAMES = ["glorot-uniform", "lecun-normal", "fan-in-uniform"] as const;

/** A rule by which weights are drawn at first. */
export type Initialisation = typeof INITIALISATION_NAMES[number];
