import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { violations } from "../axe.ts";
import { browserTest, inBrowser } from "../browser.ts";
import { fixtureComparison, largeComparison, renderFixture } from "./fixture.ts";

/** The page of a small comparison, which the first test makes. */
function small(): ReturnType<typeof renderFixture> {
  return page ??= renderFixture(fixtureComparison());
}

let page: ReturnType<typeof renderFixture> | undefined;

/** Labels of the shown rows of the first table. What is off the screen is not laid out, and has no inner text. */
function rows(page: Page): Promise<string[]> {
  return page.locator("#results .sortable").first().locator("tbody tr:visible th").allTextContents();
}

/** Seeds of the shown rows of the table of runs. */
async function seeds(page: Page): Promise<Set<string>> {
  return new Set(await page.locator("#runs tbody tr:visible td:nth-child(2)").allTextContents());
}

browserTest("the table sorts, and pointing at a curve names its group everywhere", async () => {
  const { html } = await small();
  await inBrowser(html, async (page) => {
    assert.deepEqual(await rows(page), ["constant", "linear", "free bits"]);
    const heading = page.getByRole("button", { name: "−ELBO, test ↓" }).first();
    await heading.click();
    assert.deepEqual(await rows(page), ["free bits", "linear", "constant"]);
    await heading.click();
    assert.deepEqual(await rows(page), ["constant", "linear", "free bits"]);
    assert.equal(await page.locator('[aria-sort="descending"]').count(), 1);

    await page.locator('#figure-loss-bands [data-group="0"] circle').first().hover();
    // The last of eight epochs, whose loss is some 206 nats and what is left of 60.
    const told = (await page.locator(".tip").innerText()).match(/^constant, epoch 8: (\d+\.\d)$/);
    assert.ok(Math.abs(Number(told![1]) - 208.1) < 1, told![0]);
    const lit = await page.locator(".lit").evaluateAll((all) =>
      all.map((element) => element.getAttribute("data-group"))
    );
    assert.ok(lit.length > 5 && lit.every((group) => group === "0"), lit.join());
    await page.locator("h1").hover();
    assert.equal(await page.locator(".lit").count(), 0);
    assert.ok(await page.locator(".tip").isHidden());

    // An element without a role must have no name: readers of screens would pass over it.
    assert.equal(await page.locator("svg g[aria-label]").count(), 0);

    await page.setViewportSize({ width: 390, height: 800 });
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
  });
});

browserTest("the filter asks for words that begin so, and for whole values of an axis", async () => {
  const { html } = await small();
  await inBrowser(html, async (page) => {
    const filter = page.getByRole("searchbox");
    await filter.fill("free");
    assert.deepEqual(await rows(page), ["free bits"]);
    assert.equal(await page.locator('.gallery [data-group="0"]:visible').count(), 0);
    await filter.fill("seed 3");
    assert.deepEqual(await rows(page), ["constant", "linear", "free bits"]);
    assert.deepEqual(await seeds(page), new Set(["3"]));
    await filter.fill("case free seed 1");
    assert.deepEqual(await rows(page), ["free bits"]);
    assert.deepEqual(await seeds(page), new Set(["1"]));
    await filter.fill("diverged");
    assert.deepEqual(await rows(page), []);
    assert.deepEqual(await seeds(page), new Set(["3"]));
    await filter.fill("");
    assert.deepEqual(await rows(page), ["constant", "linear", "free bits"]);
  });
});

browserTest("a number is a whole value: 8 is not 18, and latentSize 8 is no other axis's 8", async () => {
  // Weights 0.1, 0.2 and 0.3, latent sizes 2, 4 up to 20, seeds 1 to 3.
  const { html } = await renderFixture(largeComparison(90));
  await inBrowser(html, async (page) => {
    const filter = page.getByRole("searchbox");
    // By the keyboard: tables above it are laid out as they come onto the screen, and move it away from under a pointer.
    await page.locator("#runs summary").press("Enter");
    await page.locator("#runs tbody tr").first().waitFor();
    await filter.fill("latentSize 8");
    assert.deepEqual(await rows(page), [0.1, 0.2, 0.3].map((weight) => `weight ${weight}, latentSize 8`));
    await filter.fill("latentsize 8 weight 0.20");
    assert.deepEqual(await rows(page), ["weight 0.2, latentSize 8"]);
    await filter.fill("model.latentSize 1");
    assert.deepEqual(await rows(page), []);
    await filter.fill("seed 1");
    assert.equal((await rows(page)).length, 30);
    assert.deepEqual(await seeds(page), new Set(["1"]));
    assert.equal(await page.locator("#runs tbody tr:visible").count(), 30);
    await filter.fill("latentSize");
    assert.equal((await rows(page)).length, 30);
  });
});

browserTest(
  "the legend switches groups off in figures, which are enlarged and saved like a report's",
  async () => {
    const { html } = await small();
    await inBrowser(html, async (page) => {
      const curves = page.locator('#figure-loss-bands [data-group="0"]');
      const entry = page.locator(".legend").getByRole("button", { name: "constant" });
      assert.equal(await curves.locator("visible=true").count(), 4);
      await entry.focus();
      await page.keyboard.press("Enter");
      assert.equal(await entry.getAttribute("aria-pressed"), "false");
      assert.equal(await curves.locator("visible=true").count(), 0);
      assert.deepEqual(
        await rows(page),
        ["constant", "linear", "free bits"],
        "tables have a filter of their own",
      );
      await entry.click();
      assert.equal(await curves.locator("visible=true").count(), 4);

      const figure = page.locator("#figure-loss-bands");
      await figure.getByRole("button", { name: "Enlarge" }).click();
      await page.locator(".stage svg").waitFor();
      await page.keyboard.press("Escape");
      await figure.getByText("For a paper").click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        figure.getByRole("button", { name: "PNG, one column" }).click(),
      ]);
      assert.equal(download.suggestedFilename(), "loss-bands-8.4cm.png");
      const view = new DataView((await Deno.readFile(await download.path())).buffer);
      assert.equal(view.getUint32(16), Math.round(8.4 / 2.54 * 300));
    });
  },
);

browserTest("a brush along an axis keeps the runs that pass there, in tables and figures", async () => {
  const { html } = await small();
  await inBrowser(html, async (page) => {
    const runs = () => page.locator("#runs tbody tr:visible").count();
    const before = await runs();
    const canvas = page.locator(".parallel");
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    // The first axis has names; their upper half is some of them.
    await page.mouse.move(box.x + 46, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 46, box.y + 120, { steps: 4 });
    await page.mouse.up();
    await page.locator("#parallel output", { hasText: /^\d+ of \d+ runs$/ }).waitFor();
    await page.locator("tr.outside").first().waitFor({ state: "attached" });
    const kept = Number((await page.locator("#parallel output").textContent())!.split(" ")[0]);
    assert(kept > 0 && await runs() < before);
    assert(await page.locator(".gallery .group.outside").count() > 0);
    await page.getByRole("button", { name: "Keep all" }).click();
    await page.locator(".outside").first().waitFor({ state: "detached" });
    assert.equal(await runs(), before);
    // By keyboard: limits are numbers, too.
    await page.getByText("Limits as numbers").click();
    const most = page.getByLabel(/^−ELBO.*, most$/).first();
    await most.fill("0");
    await most.press("Tab");
    await page.locator("#parallel output", { hasText: /^0 of \d+ runs$/ }).waitFor();
    await most.fill("");
    await most.press("Tab");
    await page.locator("#parallel output", { hasText: /^\d+ runs$/ }).waitFor();
  });
});

browserTest("a comparison has nothing that axe-core objects to", async () => {
  const { html } = await small();
  for (const colorScheme of ["light", "dark"] as const) {
    await inBrowser(html, async (page) => assert.deepEqual(await violations(page), []), { colorScheme });
  }
});

browserTest("a thousand cells are brushed, and the page shows those that are kept", async () => {
  const { html } = await renderFixture(largeComparison(1000));
  await inBrowser(html, async (page) => {
    await page.getByText("1000 runs", { exact: true }).waitFor();
    await page.getByText("Limits as numbers").click();
    const [least, most] = ["least", "most"].map((end) => page.getByLabel(`latentSize, ${end}`));
    await least!.fill("4");
    await most!.fill("8");
    await most!.press("Tab");
    // Three of ten sizes, of 34 weights and 3 seeds; the last weight is not complete.
    await page.getByText(/^30\d of 1000 runs$/).waitFor();
  });
});
