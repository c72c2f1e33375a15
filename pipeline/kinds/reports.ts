import { moduleUrl } from "../base/module_url.ts";
import type { KindReportModule } from "../report/kind.ts";

/** What each kind of data adds to a report; the report stage loads the module of its dataset's kind. */
export const KIND_REPORTS = {
  images: moduleUrl<KindReportModule>(new URL("./images/report.ts", import.meta.url)),
  music: moduleUrl<KindReportModule>(new URL("./music/report.ts", import.meta.url)),
};
