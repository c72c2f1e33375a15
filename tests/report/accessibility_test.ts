import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import { browserTest, inBrowser } from "./browser.ts";
import { reportPage } from "./report_page.ts";

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(`a report has nothing that axe-core objects to, in the ${colorScheme} theme`, async () => {
    await inBrowser(await reportPage(), async (page) => {
      await page.locator("[data-milliseconds]").waitFor();
      assert.deepEqual(await violations(page), []);
    }, { colorScheme });
  });
}

browserTest("all that moves is reached by the Tab key, and shows where the focus is", async () => {
  await inBrowser(await reportPage(), async (page) => {
    await page.locator("[data-milliseconds]").waitFor();
    const wanted = await page.evaluate<number>(
      "document.querySelectorAll('#explore :is(button, select, input, canvas[tabindex]):not(:disabled)').length",
    );
    await page.locator("nav a").first().focus();
    const seen = new Set<string>();
    const unmarked: string[] = [];
    for (let i = 0; i < wanted + 40; i++) {
      await page.keyboard.press("Tab");
      const { id, inside, marked } = await page.evaluate<{ id: string; inside: boolean; marked: boolean }>(`{
        const element = document.activeElement, all = [...document.querySelectorAll("*")];
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        ({
          id: element.localName + all.indexOf(element),
          inside: element.closest("#explore") !== null && element.matches("button, select, input, canvas"),
          marked: outlineStyle !== "none" && outlineWidth !== "0px",
        });
      }`);
      if (!inside) continue;
      seen.add(id);
      if (!marked) unmarked.push(id);
    }
    assert.equal(seen.size, wanted);
    assert.deepEqual(unmarked, []);
  });
});

browserTest("a report prints without what only works on a screen", async () => {
  await inBrowser(await reportPage(), async (page) => {
    await page.locator("[data-milliseconds]").waitFor();
    await page.emulateMedia({ media: "print" });
    for (const part of ["#explore", ".links", "nav", "#downloads"]) {
      assert(!await page.locator(part).first().isVisible(), part);
    }
    assert(await page.locator("#figure-learning-curves svg").isVisible());
  });
});
