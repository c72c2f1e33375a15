import { bundleScript, type PageScript } from "../../pipeline/report/bundle.ts";

const bundles = new Map<string, Promise<PageScript>>();

/** The script of pages, which the first of a file's tests that ask for it bundles. */
export async function scriptOf(entry: URL): Promise<string> {
  let made = bundles.get(entry.href);
  if (!made) bundles.set(entry.href, made = bundleScript(entry));
  return (await made).text;
}
