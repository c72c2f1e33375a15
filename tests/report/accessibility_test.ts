import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import { browserTest, inBrowser, moving } from "./browser.ts";
import { fixtureComparison, renderFixture } from "./compare/fixture.ts";
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

browserTest("in a report nothing moves smoothly for readers who do not want it", async () => {
  const html = await reportPage();
  await inBrowser(html, async (page) => {
    await page.locator("[data-milliseconds]").waitFor();
    assert.deepEqual(await moving(page), []);
    const path = page.getByRole("group", { name: "Path" });
    for (const z of ["-2", "2"]) {
      await page.getByLabel("z 1").fill(z);
      await path.getByRole("button", { name: "Add this point" }).click();
    }
    // A path is walked in strides of an eighth: 4 / 8 in z.
    const places = await page.evaluate<number[]>(`(async () => {
      const slider = document.querySelector('[aria-label="z 1"]'), seen = new Set();
      slider.blur();
      [...document.querySelectorAll("[aria-label=Path] button")].find(({ textContent }) => textContent === "Play").click();
      const until = performance.now() + 2500;
      while (performance.now() < until) {
        await new Promise(requestAnimationFrame);
        seen.add(Number(slider.value));
      }
      return [...seen];
    })()`);
    assert(places.length > 1 && places.every((z) => Math.abs(2 * z % 1) < 1e-6), places.join());
    // Training is played epoch by epoch.
    const epoch = page.getByLabel("Epoch", { exact: true });
    assert.equal(await epoch.getAttribute("step"), "1");
  }, { reducedMotion: "reduce" });
  await inBrowser(html, async (page) => {
    const names = new Set(await moving(page));
    assert.deepEqual(
      names,
      new Set(["html.null", "g.frame", "g.frame last"]),
      "links scroll, frames take turns",
    );
  });
});

browserTest("nor does anything in a comparison", async () => {
  const { html } = await renderFixture(fixtureComparison());
  await inBrowser(html, async (page) => assert.deepEqual(await moving(page), []), {
    reducedMotion: "reduce",
  });
});
