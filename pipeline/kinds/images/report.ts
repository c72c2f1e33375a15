import type { KindReport } from "../../report/kind.ts";

/** The report on images: what every report shows is all there is. */
export const report: KindReport = {
  sections: () => [],
  caveat: () => null,
  artifacts: [],
};
