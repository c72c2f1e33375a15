import assert from "node:assert/strict";
import { chromium, type Page } from "playwright-core";
import { renderComparison } from "../../../pipeline/report/compare/comparison.ts";
import { temporaryFolder } from "../../store/temporary.ts";
import { fixtureComparison } from "./fixture.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
if (!CHROMIUM) console.warn("tests of the comparison's script are passed over: no Chromium here");

/** Labels of the shown rows of the first table. */
function rows(page: Page): Promise<string[]> {
  return page.locator("#results .sortable").first().locator("tbody tr:visible th").allInnerTexts();
}

Deno.test({
  name: "in a browser the table sorts and filters, and pointing at a curve names its group everywhere",
  ignore: !CHROMIUM,
  // The browser's own handles outlive its last page by a moment.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/index.html`;
    await Deno.writeTextFile(file, (await renderComparison(fixtureComparison())).html);
    const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ARGUMENTS });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const problems: string[] = [];
      page.on("console", (message) => problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(String(error)));
      await page.goto(`file://${file}`);

      assert.deepEqual(await rows(page), ["constant", "linear", "free bits"]);
      const heading = page.getByRole("button", { name: "−ELBO ↓" }).first();
      await heading.click();
      assert.deepEqual(await rows(page), ["free bits", "linear", "constant"]);
      await heading.click();
      assert.deepEqual(await rows(page), ["constant", "linear", "free bits"]);
      assert.equal(await page.locator('[aria-sort="descending"]').count(), 1);

      await page.getByRole("searchbox").fill("free");
      assert.deepEqual(await rows(page), ["free bits"]);
      assert.equal(await page.locator('.gallery [data-group="0"]:visible').count(), 0);
      await page.getByRole("searchbox").fill("");

      await page.locator('#figure-loss-bands [data-group="0"] circle').first().hover();
      assert.equal(await page.locator(".tip").innerText(), "constant");
      const lit = await page.locator(".lit").evaluateAll((all) =>
        all.map((element) => element.getAttribute("data-group"))
      );
      assert.ok(lit.length > 5 && lit.every((group) => group === "0"), lit.join());
      await page.locator("h1").hover();
      assert.equal(await page.locator(".lit").count(), 0);
      assert.ok(await page.locator(".tip").isHidden());

      await page.setViewportSize({ width: 390, height: 800 });
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
      assert.deepEqual(problems, []);
    } finally {
      await browser.close();
    }
  },
});
