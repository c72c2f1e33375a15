import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { pianoRoll } from "../../pipeline/figures/piano_roll.ts";
import { renderDocument } from "../../pipeline/report/document.ts";
import { markup, trusted } from "../../pipeline/report/markup.ts";
import { bundlePlayer } from "../../pipeline/report/player/bundle.ts";
import { figures } from "../../pipeline/report/sections/figures.ts";
import { fixtureReport, SMALL } from "./fixture.ts";

const BROWSER = "/usr/bin/chromium";

/** An A on three steps, then a step of silence. */
const FORMAT = { stepsPerQuarter: 1, lowestPitch: 69, pitches: 1, articulation: false };
const ROLL = { format: FORMAT, steps: 4, cells: Uint8Array.of(1, 1, 1, 0) };

async function page(): Promise<string> {
  const rows = [{ title: "An A", roll: ROLL }, { title: "Again", roll: ROLL }];
  const sounds = rows.map(({ title }, i) => ({
    title,
    file: `midi/a-${i}.mid`,
    // The first is long, so that a busy machine still finds it sounding; the second is soon over.
    secondsPerStep: i === 0 ? 30 : 1,
    notes: [[69, 0, 3]] as const,
  }));
  const figure = {
    name: "rolls",
    title: "Rolls",
    caption: "An A.",
    alt: "Two rolls.",
    files: ["figures/rolls.svg"],
    sounds,
    command: "none",
    svg: pianoRoll("rolls", { rows, stepsPerBar: 4 }, { title: "Rolls", description: "Two rolls." }),
  };
  const report = { ...fixtureReport(SMALL), figures: [figure], omitted: [] };
  return renderDocument({
    title: "Sounds",
    style: "",
    script: await bundlePlayer(),
    body: markup`<main>${trusted(figures(report).toString())}</main>`,
  });
}

Deno.test("the player is the same script each time it is bundled, and closes no tag", async () => {
  const [one, other] = [await bundlePlayer(), await bundlePlayer()];
  assert.equal(one, other);
  assert.ok(!/<\/script/i.test(one));
});

Deno.test("a click starts a roll with its cursor, one sound at a time, and another click stops it", async () => {
  try {
    Deno.statSync(BROWSER);
  } catch {
    console.warn(`not tested: the player (there is no ${BROWSER})`);
    return;
  }
  const folder = await Deno.makeTempDir({ prefix: "reparam-test-" });
  const browser = await chromium.launch({
    executablePath: BROWSER,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
  });
  try {
    const path = join(folder, "index.html");
    await Deno.writeTextFile(path, await page());
    const tab = await browser.newPage();
    const problems: string[] = [];
    tab.on("pageerror", (error) => problems.push(error.message));
    tab.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    tab.on("request", (request) => /^(file|data|blob):/.test(request.url()) || problems.push(request.url()));
    await tab.goto(pathToFileURL(path).href);
    const buttons = tab.locator("button.play");
    const cursors = tab.locator("line.cursor");
    const pressed = (i: number) => buttons.nth(i).getAttribute("aria-pressed");

    await buttons.first().click();
    assert.equal(await pressed(0), "true");

    await buttons.nth(1).click();
    assert.deepEqual([await pressed(0), await pressed(1)], ["false", "true"], "one sound at a time");
    assert.equal(await cursors.count(), 1);
    await buttons.nth(1).click();
    assert.equal(await cursors.count(), 0);

    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
    await Deno.remove(folder, { recursive: true });
  }
});
