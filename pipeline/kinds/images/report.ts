import type { KindReport } from "../../report/kind.ts";

/** No sections: what every report shows is all there is of images. */
export const sections: KindReport["sections"] = () => [];
/** No caveat. */
export const caveat: KindReport["caveat"] = () => null;
/** No files beside those of all kinds. */
export const artifacts: KindReport["artifacts"] = [];
