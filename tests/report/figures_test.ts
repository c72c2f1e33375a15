import assert from "node:assert/strict";
import { script } from "../../pipeline/kinds/images/report.ts";
import { renderPage } from "../../pipeline/report/page.ts";
import { browserTest, inBrowser } from "./browser.ts";
import { clusters } from "../figures/fixture.ts";
import { fixtureReport, SMALL, smallReport } from "./fixture.ts";
import { scriptOf } from "./script_of.ts";

const STYLE = await Deno.readTextFile(new URL("../../pipeline/report/style.css", import.meta.url));

browserTest("a legend's entry switches what it names, by pointer and by key, and nothing else", async () => {
  const text = await scriptOf(script);
  await inBrowser(renderPage(smallReport(), STYLE, text), async (page) => {
    const figure = page.locator("#figure-latent-scatter");
    const hidden = () =>
      page.evaluate<string[]>(`[...new Set([...document.querySelectorAll("#figure-latent-scatter svg *")]
        .filter((part) => part.style.display === "none").map((part) => part.getAttribute("stroke")))]`);
    const entry = figure.getByRole("button", { name: "3", exact: true });
    assert.deepEqual(await hidden(), []);
    await entry.click();
    assert.deepEqual(await hidden(), ["#820f7c"], "the colour of class 3");
    await entry.press("Enter");
    assert.deepEqual(await hidden(), []);
    const curves = page.locator("#figure-learning-curves");
    await curves.getByRole("button", { name: /^train/ }).first().click();
    const pressed = await curves.locator(".switch").evaluateAll((entries) =>
      entries.map((entry) => `${entry.textContent!.slice(0, 4)} ${entry.getAttribute("aria-pressed")}`)
    );
    assert(
      pressed.length >= 6 && pressed.every((text) => /^(trai false|test true)$/.test(text)),
      String(pressed),
    );
  });
});

browserTest("a figure is saved at the width of a column, on white, and its LaTeX is escaped", async () => {
  const text = await scriptOf(script);
  const report = fixtureReport(SMALL, "50 % of_all");
  await inBrowser(renderPage(report, STYLE, text), async (page) => {
    const figure = page.locator("#figure-latent-scatter");
    await figure.getByText("For a paper").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      figure.getByRole("button", { name: "PNG, one column" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "latent-scatter-8.4cm.png");
    const bytes = await Deno.readFile(await download.path());
    const width = new DataView(bytes.buffer).getUint32(16);
    assert.equal(width, Math.round(8.4 / 2.54 * 300));
    await page.evaluate(
      "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }",
    );
    await figure.getByRole("button", { name: "Copy LaTeX" }).click();
    await figure.getByText("Copied.").waitFor();
    const copied = await page.evaluate<string>("window.copied");
    assert.match(copied, /^\\begin\{figure\}\n/);
    assert.match(copied, /\\caption\{latent scatter\. 50 \\% of\\_all/);
    assert.match(copied, /\\includegraphics\[width=\\linewidth\]\{figures\/latent-scatter\}/);
  }, { colorScheme: "dark" });
});

browserTest("a figure is enlarged, zoomed by keys and closed, and no id is there twice", async () => {
  const text = await scriptOf(script);
  await inBrowser(renderPage(smallReport(), STYLE, text), async (page) => {
    await page.locator("#figure-learning-curves").getByRole("button", { name: "Enlarge" }).click();
    const view = () => page.locator(".stage svg").getAttribute("viewBox");
    const whole = (await view())!.split(" ").map(Number);
    await page.keyboard.press("+");
    const [x, y, width, height] = (await view())!.split(" ").map(Number);
    assert(Math.abs(width! - whole[2]! / 1.25) < 0.01 && Math.abs(height! - whole[3]! / 1.25) < 0.01);
    assert(x! > whole[0]! && y! > whole[1]!);
    await page.keyboard.press("0");
    assert.deepEqual((await view())!.split(" ").map(Number), whole);
    const ids = await page.evaluate<string[]>("[...document.querySelectorAll('[id]')].map(({ id }) => id)");
    assert.equal(new Set(ids).size, ids.length);
    await page.keyboard.press("Escape");
    await page.locator(".enlarged").waitFor({ state: "detached" });
  });
});

browserTest(
  "hover tells the class and the place of a point, and the epoch and the value of a curve",
  async () => {
    const text = await scriptOf(script);
    await inBrowser(renderPage(smallReport(), STYLE, text), async (page) => {
      /** Puts the pointer on the first vertex of a path. */
      const hover = async (selector: string, nth = 0) => {
        const path = `document.querySelectorAll("${selector}")[${nth}]`;
        await page.locator(selector).nth(nth).scrollIntoViewIfNeeded();
        const { x, y } = await page.evaluate<{ x: number; y: number }>(`(() => {
        const [x, y] = ${path}.getAttribute("d").match(/[\\d.]+/g).map(Number);
        return new DOMPoint(x, y).matrixTransform(${path}.getScreenCTM()).toJSON();
      })()`);
        await page.mouse.move(x, y);
        return await page.locator(".tip:visible").textContent();
      };
      const { coordinates, labels, classes } = clusters(SMALL.points, 2);
      const told = await hover("#figure-latent-scatter g[clip-path] > path");
      const [, name, ...at] = told!.match(/^(.+), \((.+), (.+)\)$/)!;
      const [x, y] = at.map((number) => Number(number.replace("−", "-")));
      const isTold = Array.from(labels).some((label, i) =>
        classes[label] === name && Math.abs(coordinates[2 * i]! - x!) < 0.02 &&
        Math.abs(coordinates[2 * i + 1]! - y!) < 0.02
      );
      assert(isTold, told!);
      const curve = "#figure-learning-curves g[clip-path] > path";
      for (
        const [nth, begins, value] of [[0, "train, epoch 1: ", 188], [1, "test, epoch 1: ", 190.5], [
          6,
          "epoch 1: ",
          0.2,
        ]] as const
      ) {
        const words = (await hover(curve, nth))!;
        assert(
          words.startsWith(begins) && Math.abs(Number(words.slice(begins.length)) - value) < 0.02,
          words,
        );
      }
      await page.mouse.move(2, 2);
      await page.locator(".tip").first().waitFor({ state: "hidden" });
    });
  },
);

browserTest("the PDF of a figure is one page of the column's width, in the colours of paper", async () => {
  const text = await scriptOf(script);
  await inBrowser(renderPage(smallReport(), STYLE, text), async (page) => {
    const figure = page.locator("#figure-learning-curves");
    await figure.getByText("For a paper").click();
    await page.evaluate("window.print = () => {}");
    await figure.getByRole("button", { name: "PDF, one column" }).click();
    assert.equal(await page.title(), "learning-curves-8.4cm");
    const pdf = new TextDecoder("latin1").decode(await page.pdf({ preferCSSPageSize: true }));
    const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
    assert.equal(boxes.length, 1);
    const [, width, height] = boxes[0]!.map(Number);
    const [drawn, across] = await page.evaluate<[number, number]>(`(() => {
      const { height, width } = document.querySelector("#figure-learning-curves svg").viewBox.baseVal;
      return [height, width];
    })()`);
    assert(Math.abs(width! - 8.4 / 2.54 * 72) < 1, String(width));
    assert(Math.abs(height! - (8.4 * drawn / across + 0.05) / 2.54 * 72) < 1.5, String(height));
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    assert.equal(await page.locator(".printed").count(), 0);
    assert.match(await page.title(), /Reparam$/);
  }, { colorScheme: "dark" });
});

browserTest(
  "a dimension's number in the chart of KL leads to its traversal, where there is one",
  async () => {
    const text = await scriptOf(script);
    await inBrowser(renderPage(smallReport(), STYLE, text), async (page) => {
      const links = page.locator("#figure-kl-per-dimension svg a");
      const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      assert.deepEqual(addresses, ["#traversal-1", "#traversal-3"]);
      await links.nth(1).focus();
      await page.keyboard.press("Enter");
      // The browser tells of a new fragment after the key has been answered.
      await page.waitForURL(/#traversal-3$/, { timeout: 10_000 });
      const { y, height } = (await page.locator("#traversal-3").boundingBox())!;
      // A page is scrolled to the nearest whole pixel.
      assert(y >= -0.5 && y + height <= 900, `${y}, ${height}`);
    }, { reducedMotion: "reduce" });
  },
);
