import assert from "node:assert/strict";
import { browserTest, inBrowser } from "../browser.ts";
import { violations } from "../axe.ts";
import { fixtureComparison, largeComparison, renderFixture } from "./fixture.ts";

browserTest("a brush along an axis keeps the runs that pass there, in tables and figures", async () => {
  const { html } = await renderFixture(fixtureComparison());
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
  const { html } = await renderFixture(fixtureComparison());
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
