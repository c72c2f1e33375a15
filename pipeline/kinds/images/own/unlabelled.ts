/** The class of examples that have no labels. */
export const UNLABELLED = "unlabelled";
