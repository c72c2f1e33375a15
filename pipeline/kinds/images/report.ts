import type { KindReport } from "../../report/kind.ts";

/** No sections: what every report shows is all there is of images. */
export const sections: KindReport["sections"] = () => [];
/** No caveat. */
export const caveat: KindReport["caveat"] = () => null;
/** No files beside those of all kinds. */
export const artifacts: KindReport["artifacts"] = [];
/** Explores the latent space in pictures. */
export const script = new URL("./page.js", import.meta.url);
/** Shapes say all there is. */
export const explorerFacts: KindReport["explorerFacts"] = () => null;
