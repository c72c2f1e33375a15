/** Images in a row of the figure. */
export const ATTRIBUTE_STEPS = 11;
/** The most of an attribute's vector that is added to a code, and taken away from it. */
export const LARGEST_AMOUNT = 2;
/** Rows of images for each attribute of strokes. */
export const STROKE_ROWS = 2;
/** Rows of images that are taken through all classes. */
export const CLASS_ROWS = 3;
