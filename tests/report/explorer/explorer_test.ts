import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { script } from "../../../pipeline/kinds/images/report.ts";
import { explorerData, type ExplorerSource } from "../../../pipeline/report/explorer/explorer.ts";
import { renderPage } from "../../../pipeline/report/page.ts";
import { browserTest, inBrowser } from "../browser.ts";
import { smallReport } from "../fixture.ts";
import { scriptOf } from "../script_of.ts";
import { spotExplorer } from "./fixture.ts";

const STYLE = (await Promise.all(
  ["style.css", "explorer/explorer.css"].map((name) =>
    Deno.readTextFile(new URL(`../../../pipeline/report/${name}`, import.meta.url))
  ),
)).join("\n");

async function pageOf(source: ExplorerSource): Promise<string> {
  const text = await scriptOf(script);
  const report = smallReport();
  const words = { ...report.words, nouns: source.nouns };
  return renderPage({ ...report, words, explorer: explorerData(source) }, STYLE, text);
}

/** Where a picture is bright, on average, from its middle in eighths of it: what z says, in the fixture's model. */
async function spot(page: Page, label = "Decoded spot", within = ""): Promise<[number, number]> {
  const { width, height, red }: { width: number; height: number; red: number[] } = await page.evaluate(`{
    const canvas = document.querySelector(${JSON.stringify(`${within} canvas[aria-label="${label}"]`)});
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    ({ width, height, red: Array.from(data.filter((_, i) => i % 4 === 0)) });
  }`);
  let mass = 0, x = 0, y = 0;
  red.forEach((value, i) => {
    mass += value;
    x += value * (i % width - (width - 1) / 2);
    y += value * ((height - 1) / 2 - Math.floor(i / width));
  });
  return [x / mass / width * 8, y / mass / height * 8];
}

function near([x, y]: [number, number], wanted: [number, number], tolerance = 0.12): void {
  assert(Math.hypot(x - wanted[0], y - wanted[1]) < tolerance, `${x}, ${y} is not at ${wanted}`);
}

/** Lets the page show what it has to show. */
const frame = (page: Page) =>
  page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");

browserTest("a drag over the plane moves z, and the decoder answers in the page", async () => {
  await inBrowser(await pageOf(await spotExplorer({ height: 24, width: 24 })), async (page) => {
    const plane = page.getByRole("application", { name: "The plane of z" });
    await plane.scrollIntoViewIfNeeded();
    near(await spot(page), [0, 0]);
    const box = (await plane.boundingBox())!;
    const limit = 4 * 0.8; // the plane reaches 3.2 at least
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.97);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.25, { steps: 5 });
    await page.mouse.up();
    await frame(page);
    const sliders = page.locator(".slider output");
    const z = (await sliders.allTextContents()).map((text) => Number(text.replace("−", "-")));
    assert(z[0]! >= limit / 2 - 0.05 && z[1]! >= limit / 2 - 0.05, `${z}`);
    near(await spot(page), z as [number, number]);
    assert(Number(await page.locator("[data-milliseconds]").getAttribute("data-milliseconds")) > 0);
  });
});

browserTest("keys, sliders and buttons go where the pointer goes", async () => {
  await inBrowser(
    await pageOf(await spotExplorer({ height: 24, width: 24, latentSize: 3 })),
    async (page) => {
      const plane = page.getByRole("application", { name: "The plane of z" });
      // Three dimensions: the plane is that of the principal components until others are chosen.
      assert.equal(await page.getByLabel("Across").locator("option:checked").textContent(), "PC 1");
      await page.getByLabel("Across").selectOption({ label: "z₁" });
      await page.getByLabel("Up", { exact: true }).selectOption({ label: "z₂" });
      await plane.focus();
      for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+ArrowRight");
      for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
      await frame(page);
      near(await spot(page), [1.5, -0.4]);
      await page.keyboard.press("Home");
      await frame(page);
      near(await spot(page), [0, 0]);
      await page.getByLabel("z 2").fill("1");
      await frame(page);
      near(await spot(page), [0, 1]);
      await page.getByRole("button", { name: "To the prior’s mean" }).click();
      await page.getByLabel("To example").fill("7");
      await page.getByLabel("To example").press("Enter");
      await frame(page);
      near(await spot(page), await spot(page, "Test spot"));
      near(await spot(page, "Its reconstruction"), await spot(page, "Test spot"));
      await page.getByText("Test spot 6, class left, and its reconstruction: 108.5 nats = 106.0 + KL 2.5")
        .waitFor();
      await page.getByRole("button", { name: "Surprise me" }).click();
    },
  );
});

browserTest(
  "a class that is switched off is not under the pointer, and its name cannot become markup",
  async () => {
    await inBrowser(await pageOf(await spotExplorer({ height: 24, width: 24 })), async (page) => {
      for (const name of ["left", "right", "<b>"]) {
        await page.getByRole("button", { name, exact: true }).click();
      }
      const plane = page.getByRole("application", { name: "The plane of z" });
      await plane.focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("Enter"); // there is no nearest example
      await frame(page);
      near(await spot(page), [0, 0]);
      assert.equal(await page.getByRole("button", { name: "<b>" }).getAttribute("aria-pressed"), "false");
    });
  },
);

browserTest("a path is walked, and saved as an animated PNG", async () => {
  await inBrowser(await pageOf(await spotExplorer({ height: 12, width: 20, channels: 3 })), async (page) => {
    assert(await page.getByRole("button", { name: "Save as APNG" }).isDisabled());
    const plane = page.getByRole("application", { name: "The plane of z" });
    await page.getByRole("button", { name: "Draw a path" }).click();
    await plane.scrollIntoViewIfNeeded();
    const box = (await plane.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.5, { steps: 8 });
    await page.mouse.up();
    await frame(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as APNG" }).click(),
    ]);
    const bytes = await Deno.readFile(await download.path());
    const view = new DataView(bytes.buffer);
    assert.deepEqual([view.getUint32(16), view.getUint32(20)], [20 * 19, 12 * 19]);
    const text = new TextDecoder("latin1").decode(bytes);
    assert.equal(view.getUint32(text.indexOf("acTL") + 4), 94, "there and back");
    assert.equal(text.split("fcTL").length - 1, 94);
    // Browsers read it: a picture with a damaged checksum would not load.
    const size = await page.evaluate(`{
      const picture = new Image();
      picture.src = "data:image/png;base64,${bytes.toBase64()}";
      picture.decode().then(() => [picture.naturalWidth, picture.naturalHeight]);
    }`);
    assert.deepEqual(size, [20 * 19, 12 * 19]);
    // Three channels: there is nothing to draw on.
    assert.equal(await page.locator(".pad").count(), 0);
    await page.getByRole("group", { name: "Path" }).getByRole("button", { name: "Play" }).click();
    await page.waitForTimeout(300);
    await page.getByRole("group", { name: "Path" }).getByRole("button", { name: "Pause" }).click();
    const [x] = await spot(page);
    assert(x > -1.6 - 0.2 && x < 1.7, "somewhere on the way");
  });
});

browserTest(
  "what is drawn is encoded, reconstructed, placed among the training examples, and completed",
  async () => {
    await inBrowser(await pageOf(await spotExplorer({ height: 24, width: 24 })), async (page) => {
      const pad = page.locator(".pad");
      await pad.scrollIntoViewIfNeeded();
      const box = (await pad.boundingBox())!;
      // A dot right of the middle and above it: (1, 1) in units of an eighth.
      const [x, y] = [box.x + box.width * (0.5 + 1 / 8), box.y + box.height * (0.5 - 1 / 8)];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 1, y);
      await page.mouse.up();
      await page.getByText(/Nearest of 40 training spots/).waitFor();
      near(await spot(page, "Reconstruction"), [1, 1], 0.2);
      near(await spot(page), [1, 1], 0.2);
      assert.match(
        await page.locator(".reader .readout").first().textContent() ?? "",
        /95 % of its posterior, \d+\.\d nats/,
      );
      assert.equal(await page.locator(".near .picture").count(), 5);
      assert(!await page.locator(".shown", { hasText: "Completed" }).isVisible());
      await page.getByRole("button", { name: "Hide", exact: true }).click();
      await page.mouse.click(box.x + box.width * 0.2, box.y + box.height * 0.8);
      await page.locator(".shown", { hasText: "Completed" }).waitFor();
      await page.getByRole("button", { name: "Clear" }).last().click();
      await page.getByText("Nothing is drawn yet.").waitFor();
      // By keyboard: the brush starts in the middle.
      await page.getByRole("button", { name: "Draw", exact: true }).click();
      await pad.focus();
      for (const key of ["ArrowUp", "ArrowUp", "Space"]) await page.keyboard.press(key);
      await page.getByText(/Nearest of 40/).waitFor();
      near(await spot(page, "Reconstruction"), [0.1, 0.5], 0.3);
    });
  },
);

browserTest("the explorer answers a finger on a phone, and nothing sticks out of the page", async () => {
  const html = await pageOf(await spotExplorer({ height: 16, width: 30, latentSize: 12 }));
  await inBrowser(html, async (page) => {
    const plane = page.getByRole("application", { name: "The plane of z" });
    await page.getByLabel("Across").selectOption({ label: "z₁" });
    await page.getByLabel("Up", { exact: true }).selectOption({ label: "z₂" });
    await plane.scrollIntoViewIfNeeded();
    const box = (await plane.boundingBox())!;
    await page.touchscreen.tap(box.x + box.width * 0.95, box.y + box.height * 0.5);
    await frame(page);
    assert((await spot(page))[0] > 2);
    const [wide, there] = await page.evaluate<number[]>("[document.documentElement.scrollWidth, innerWidth]");
    assert(wide! <= there!, `${wide} pixels on a screen of ${there}`);
  }, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
});

browserTest(
  "one slider moves what was decoded in training, and playing it ends at the last epoch",
  async () => {
    const source = await spotExplorer({ height: 24, width: 24 });
    const [x, y] = source.posterior.mean.data;
    await inBrowser(await pageOf(source), async (page) => {
      const slider = page.getByLabel("Epoch", { exact: true });
      await slider.scrollIntoViewIfNeeded();
      assert.equal(await page.locator(".epochs .readout").textContent(), "epoch 4");
      near(await spot(page, "Its reconstruction", ".reader"), [x!, y!], 0.2);
      await slider.fill("0");
      await frame(page);
      assert.equal(await page.locator(".epochs .readout").textContent(), "before training");
      near(await spot(page, "Its reconstruction", ".reader"), [0, 0]);
      await slider.fill("1");
      await frame(page);
      near(await spot(page, "Its reconstruction", ".reader"), [x! / 2, y! / 2], 0.2);
      near(await spot(page, "Test spot", ".reader"), [x!, y!], 0.2);
      await page.locator(".epochs").getByRole("button", { name: "Play" }).click();
      await page.locator(".epochs").getByText("epoch 4").waitFor();
      near(await spot(page, "Its reconstruction", ".reader"), [x!, y!], 0.2);
    });
  },
);

browserTest(
  "a posterior that has run away, even beyond all numbers, is explored like any other",
  async () => {
    const source = await spotExplorer({ height: 16, width: 16, latentSize: 4 });
    const { mean, logVariance } = source.posterior;
    mean.data.forEach((value, i) => mean.data[i] = 50_000 * value);
    mean.data.set([NaN, Infinity, -Infinity, 1e38]);
    logVariance.data.set([200, 200, 200, 200], 8);
    await inBrowser(await pageOf(source), async (page) => {
      const plane = page.getByRole("application", { name: "The plane of z" });
      await plane.focus();
      await page.keyboard.press("ArrowRight");
      await frame(page);
      assert(Number(await page.locator("[data-milliseconds]").getAttribute("data-milliseconds")) < 1000);
      assert(Number(await page.getByLabel("z 1").getAttribute("max")) > 4);
      // Some ten lines each way, whatever they stand for: what is drawn has an end.
      const drawn = await page.evaluate<number>(`{
      const { width, height } = document.querySelector("canvas.plane");
      const { data } = document.querySelector("canvas.plane").getContext("2d").getImageData(0, 0, width, height);
      data.filter((value, i) => i % 4 === 3 && value > 0).length / width / height;
    }`);
      assert(drawn > 0.01, `${drawn} of the plane is drawn on`);
    });
  },
);

browserTest("a model that a browser cannot unpack leaves no empty section, but says so", async () => {
  const html = (await pageOf(await spotExplorer({ height: 8, width: 8 }))).replace(
    /"weights":"[^"]{8}/,
    '"weights":"AAAAAAAA',
  );
  await assert.rejects(
    inBrowser(html, async (page) => {
      await page.locator("#explorer", { hasText: "This browser cannot run the model" }).waitFor();
    }),
    assert.AssertionError, // and the console has the error
  );
});

Deno.test("a model that a page cannot hold is left out with its reason", async () => {
  const source = await spotExplorer({ height: 4, width: 4 });
  const report = smallReport();
  const reason = "Pages do not know the operator Einsum of decoder.onnx.";
  const html = renderPage({ ...report, explorer: { reason } }, STYLE, "");
  assert.match(html, /The model cannot be explored in this page\. Pages do not know the operator Einsum/);
  assert(!html.includes('id="explorer-data"'));
  assert(!("reason" in explorerData(source)));
});
