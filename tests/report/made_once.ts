import { bundleScript, type PageScript } from "../../pipeline/report/bundle.ts";
import type { ReportData } from "../../pipeline/report/data.ts";
import { fixtureReport, SMALL } from "./fixture.ts";

const bundles = new Map<string, Promise<PageScript>>();

/** The script of pages, which the first of a file's tests that ask for it bundles. */
export async function scriptOf(entry: URL): Promise<string> {
  let made = bundles.get(entry.href);
  if (!made) bundles.set(entry.href, made = bundleScript(entry));
  return (await made).text;
}

let report: ReportData | undefined;

/** A small report on a run that never was, whose figures the first of a file's tests draws. */
export function smallReport(): ReportData {
  return report ??= fixtureReport(SMALL);
}
