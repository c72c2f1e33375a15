import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { ARGUMENTS, EXECUTABLE } from "../tests/report/browser.ts";
import { largeComparison, renderFixture } from "../tests/report/compare/fixture.ts";
import { median } from "./race.ts";

/**
 * How quickly pages answer, in headless Chromium: how large a report is and when its model answers first, how long it
 * takes from a move of the pointer over the latent plane to the picture, and how many frames a second are shown while a
 * comparison of many cells is brushed.
 *
 *     deno task bench:pages [reports/mnist-dense ...] [--cells 1000] [--rounds 7]
 */
const { values, positionals } = parseArgs({
  options: { cells: { type: "string", default: "1000" }, rounds: { type: "string", default: "7" } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const MOVES = 120;
const size = { width: 1280, height: 900 };

if (EXECUTABLE === undefined) {
  console.error("There is no Chromium here (Debian: chromium-headless-shell).");
  Deno.exit(2);
}
const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
try {
  console.log(`Chromium ${browser.version()}, ${navigator.hardwareConcurrency} cores`);
  for (const report of positionals) await measureReport(browser, `${report.replace(/\/$/, "")}/index.html`);
  await measureBrush(browser, Number(values.cells));
} finally {
  await browser.close();
}

async function measureReport(browser: Browser, file: string): Promise<void> {
  const { size: bytes } = await Deno.stat(file);
  const usable: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const page = await openReport(browser, file);
    usable.push(await page.evaluate<number>("window.answered"));
    if (round === rounds - 1) {
      const { shown, decoded } = await dragged(page);
      console.log(
        `${file}: ${(bytes / 1e6).toFixed(2)} MB, answers after ${inWords(usable)}; ` +
          `from move to picture ${inWords(shown)}, of which decoding and painting ${inWords(decoded)}`,
      );
    }
    await page.close();
  }
}

/** Opens a report and waits until its decoder has answered: `window.answered` says after how many milliseconds. */
async function openReport(browser: Browser, file: string): Promise<Page> {
  // A page's own policy would stop what waits for it in here.
  const page = await browser.newPage({ viewport: size, bypassCSP: true });
  await page.addInitScript(`{
    const look = () => {
      if (document.querySelector("#explorer [data-milliseconds]")) window.answered = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }`);
  await page.goto(pathToFileURL(await Deno.realPath(file)).href);
  await page.waitForFunction("window.answered");
  return page;
}

/** Drags over the plane of z. A picture is counted as shown once the frame that it was painted in has been handed on. */
async function dragged(page: Page): Promise<{ shown: number[]; decoded: number[] }> {
  const plane = page.getByRole("application", { name: "The plane of z" });
  await plane.scrollIntoViewIfNeeded();
  await page.evaluate(`{
    window.shown = [];
    window.decoded = [];
    const { port1, port2 } = new MessageChannel();
    const asked = [];
    port1.onmessage = () => {
      window.shown.push(performance.now() - asked.shift());
      window.decoded.push(Number(document.querySelector("[data-milliseconds]").dataset.milliseconds));
    };
    // After the explorer's own listener, so that this frame's callback comes after the one that paints.
    document.addEventListener("pointermove", ({ timeStamp }) =>
      requestAnimationFrame(() => {
        asked.push(timeStamp);
        port2.postMessage(null);
      }));
  }`);
  const box = (await plane.boundingBox())!;
  const at = (share: number) =>
    [
      box.x + box.width * (0.5 + 0.3 * Math.cos(6 * share)),
      box.y + box.height * (0.5 + 0.3 * Math.sin(6 * share)),
    ] as const;
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let move = 1; move <= MOVES; move++) {
    await page.mouse.move(...at(move / MOVES));
    await page.waitForFunction(`window.shown.length >= ${move}`, undefined, { polling: 4 });
  }
  await page.mouse.up();
  const { shown, decoded } = await page.evaluate<{ shown: number[]; decoded: number[] }>(
    "({ shown, decoded })",
  );
  // The first answers are those of code that was not compiled yet: a reader's, too, but once.
  return { shown: shown.slice(5), decoded: decoded.slice(5) };
}

async function measureBrush(browser: Browser, cells: number): Promise<void> {
  const { html } = await renderFixture(largeComparison(cells));
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/index.html`, html);
    const page = await browser.newPage({ viewport: size });
    await page.goto(pathToFileURL(`${folder}/index.html`).href);
    await page.locator("#parallel output", { hasText: `${cells} runs` }).waitFor();
    // What comes into view above it is laid out first, and moves it.
    for (let i = 0; i < 3; i++) {
      await page.evaluate("document.getElementById('parallel').scrollIntoView({ behavior: 'instant' })");
      await page.waitForTimeout(200);
    }
    const frames = await page.evaluate<number[]>(`(async () => {
      const canvas = document.querySelector("canvas.parallel"), box = canvas.getBoundingClientRect();
      canvas.setPointerCapture = () => {}; // there is no real pointer to capture
      const send = (type, y) => canvas.dispatchEvent(
        new PointerEvent(type, { clientX: box.left + 46, clientY: box.top + y, pointerId: 1, bubbles: true }));
      send("pointerdown", 40);
      const frames = [];
      let last = await new Promise(requestAnimationFrame);
      for (let i = 0; i < 300; i++) {
        send("pointermove", 44 + i % 60 * 3.5);
        const now = await new Promise(requestAnimationFrame);
        frames.push(now - last);
        last = now;
      }
      send("pointerup", 100);
      return frames;
    })()`);
    const seconds = frames.reduce((sum, ms) => sum + ms, 0) / 1000;
    const late = frames.filter((ms) => ms > 20).length;
    console.log(
      `${cells} cells, ${(html.length / 1e6).toFixed(2)} MB, brushed: ${
        (frames.length / seconds).toFixed(1)
      } frames ` +
        `a second, ${late} of ${frames.length} late, the longest ${Math.max(...frames).toFixed(1)} ms`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Median and the value that 95 % are below, in milliseconds. */
function inWords(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const high = sorted[Math.min(sorted.length - 1, Math.floor(0.95 * sorted.length))]!;
  return `${median(times).toFixed(1)} ms (95 %: ${high.toFixed(1)})`;
}
