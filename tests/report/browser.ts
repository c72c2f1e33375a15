import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { temporaryFolder } from "../store/temporary.ts";

/** Chromium, where there is one: that without windows, which takes half as long for everything, or the whole one. */
export const EXECUTABLE = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** What it is started with. */
export const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

/** The browser of a file's tests, which the first of them starts: each page has a context of its own. */
let browser: Promise<Browser> | undefined;
Deno.test.afterAll(async () => await (await browser)?.close());

/** A test of pages in Chromium; ignored where there is none. */
export function browserTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name,
    ignore: EXECUTABLE === undefined,
    // The browser's own handles outlive the test.
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
}

export interface BrowserOptions extends BrowserContextOptions {
  /** A script that runs before those of the page. */
  readonly setUp?: string;
}

/** Opens a page from disk; that it has no errors and loads nothing is checked at the end. */
export async function inBrowser(
  html: string,
  use: (page: Page) => Promise<void>,
  { setUp, ...options }: BrowserOptions = {},
): Promise<void> {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/index.html`;
  await Deno.writeTextFile(file, html);
  browser ??= chromium.launch({ executablePath: EXECUTABLE!, args: ARGUMENTS });
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || problems.push(request.url()));
    if (setUp !== undefined) await page.addInitScript(setUp);
    await page.goto(pathToFileURL(file).href);
    await use(page);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

/** Elements whose style lets them move by themselves. */
export const moving = (page: Page) =>
  page.evaluate<string[]>(`[...document.querySelectorAll("*")].flatMap((element) => {
    const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element);
    const moves = [transitionDuration, animationDuration].some((time) => /[1-9]/.test(time));
    return moves || scrollBehavior === "smooth" ? [element.localName + "." + element.getAttribute("class")] : [];
  })`);
