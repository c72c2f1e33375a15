import { script } from "../../pipeline/kinds/images/report.ts";
import { bundleScript } from "../../pipeline/report/bundle.ts";
import { explorerData } from "../../pipeline/report/explorer/explorer.ts";
import { renderPage } from "../../pipeline/report/page.ts";
import { spotExplorer } from "./explorer/fixture.ts";
import { fixtureReport, SMALL } from "./fixture.ts";

const STYLE = (await Promise.all(
  ["style.css", "explorer/explorer.css"].map((name) =>
    Deno.readTextFile(new URL(`../../pipeline/report/${name}`, import.meta.url))
  ),
)).join("\n");

/** A report of images with its explorer, whole as a reader opens it. */
export async function reportPage(): Promise<string> {
  const { text } = await bundleScript(script);
  const explorer = explorerData(await spotExplorer({ height: 24, width: 24 }));
  return renderPage({ ...fixtureReport(SMALL), explorer }, STYLE, text);
}
