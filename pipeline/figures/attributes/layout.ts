/** Images in a row of the figure, and the amounts of an attribute that they show: from -2 to 2. */
export const ATTRIBUTE_STEPS = 11;
export const LARGEST_AMOUNT = 2;
/** Rows of the figure: images to each stroke attribute, then images that are taken through all classes. */
export const STROKE_ROWS = 2;
export const CLASS_ROWS = 3;
