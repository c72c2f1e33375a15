import type { KindReport } from "../../report/kind.ts";

/** The report on images: what every report shows is all there is. */

export const sections: KindReport["sections"] = () => [];
export const caveat: KindReport["caveat"] = () => null;
export const artifacts: KindReport["artifacts"] = [];
