import { script } from "../../pipeline/kinds/images/report.ts";
import { explorerData } from "../../pipeline/report/explorer/explorer.ts";
import { renderPage } from "../../pipeline/report/page.ts";
import { spotExplorer } from "./explorer/fixture.ts";
import { smallReport } from "./fixture.ts";
import { scriptOf } from "./script_of.ts";

const STYLE = (await Promise.all(
  ["style.css", "explorer/explorer.css"].map((name) =>
    Deno.readTextFile(new URL(`../../pipeline/report/${name}`, import.meta.url))
  ),
)).join("\n");

/** A report of images with its explorer, whole as a reader opens it; the first of a file's tests makes it. */
export function reportPage(): Promise<string> {
  return page ??= render();
}

let page: Promise<string> | undefined;

async function render(): Promise<string> {
  const text = await scriptOf(script);
  const explorer = explorerData(await spotExplorer({ height: 24, width: 24 }));
  return renderPage({ ...smallReport(), explorer }, STYLE, text);
}
