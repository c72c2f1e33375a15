import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import { pianoRoll } from "../../pipeline/figures/drawing/piano_roll.ts";
import { renderDocument } from "../../pipeline/report/document.ts";
import { markup, trusted } from "../../pipeline/report/markup.ts";
import { bundleScript } from "../../pipeline/report/bundle.ts";
import { figureSection } from "../../pipeline/report/sections/figures.ts";
import type { Page } from "playwright-core";
import type { Sound } from "../../pipeline/artifacts/figures_json.ts";
import { violations } from "./axe.ts";
import { browserTest, inBrowser } from "./browser.ts";
import { smallReport } from "./fixture.ts";
import { scriptOf } from "./script_of.ts";

const START = new URL("../../pipeline/report/paper/page.js", import.meta.url);
const PLAYER = fileURLToPath(new URL("../../pipeline/report/player/", import.meta.url));

/** An A on three steps, then a step of silence. */
const FORMAT = { stepsPerQuarter: 1, lowestPitch: 69, pitches: 1, articulation: false };
const ROLL = { format: FORMAT, steps: 4, cells: Uint8Array.of(1, 1, 1, 0) };

async function page(voices?: readonly string[]): Promise<string> {
  const rows = [{ title: "An A", roll: ROLL }, { title: "Again", roll: ROLL }];
  const sounds = rows.map(({ title }, i): Sound => ({
    title,
    file: `midi/a-${i}.mid`,
    secondsPerStep: 1,
    ...(voices ? { voices, score: `scores/a-${i}.musicxml` } : {}),
    notes: [voices ? [69, 0, 3, 0] : [69, 0, 3]],
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
  const report = { ...smallReport(), figures: [figure], omitted: [] };
  return renderDocument({
    title: "Sounds",
    style: await Deno.readTextFile(new URL("../../pipeline/report/style.css", import.meta.url)),
    script: await scriptOf(START),
    body: markup`<main><h1>Sounds</h1>${trusted(figureSection(report).toString())}</main>`,
  });
}

Deno.test("the player is the same script each time it is bundled, and closes no tag", async () => {
  const [{ text }, other] = [await bundleScript(START), await bundleScript(START)];
  assert.equal(text, other.text);
  assert.ok(!/<\/script/i.test(text));
  assert.ok(
    !text.includes("\r"),
    "a browser reads another line end, and then another digest than the page's policy",
  );
});

Deno.test("the player begins with the licence texts of the packages whose code it holds", async () => {
  const { text, packages } = await bundleScript(START);
  const notice = text.slice(0, text.indexOf("*/"));
  assert.deepEqual(packages.map(({ name }) => name), [
    "@babel/runtime",
    "automation-events",
    "standardized-audio-context",
    "tone",
    "tslib",
  ]);
  for (const { name, version } of packages) assert.ok(notice.includes(`\n${name} ${version}\n`), name);
  assert.match(notice, /Copyright \(c\) 2014-\d+ Yotam Mann\n\nPermission is hereby granted, free of charge/);
  assert.equal(notice.match(/THE SOFTWARE IS PROVIDED "AS IS"/g)?.length, 5);
});

/**
 * In place of the sound card's clock, which a machine without one keeps badly: `seconds` is what the page takes
 * for the time of its sound.
 */
const CLOCK = `
  globalThis.seconds = 0;
  Object.defineProperty(BaseAudioContext.prototype, "currentTime", { get: () => globalThis.seconds });
  Object.defineProperty(BaseAudioContext.prototype, "state", { get: () => "running" });
  AudioContext.prototype.resume = () => Promise.resolve();`;

/** Sets what the page takes for the time of its sound. */
function setClock(tab: Page, seconds: number): Promise<unknown> {
  return tab.evaluate((seconds) => Object.assign(globalThis, { seconds }), seconds);
}

/** Waits until something holds: the page's policy forbids what `waitForFunction` does. */
async function until(tab: Page, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !await holds(); tries++) {
    assert.ok(tries < 1000, `waited in vain until ${holds}`);
    await tab.waitForTimeout(50);
  }
}

/** Whether the one cursor stands at a share of the first roll. */
async function cursorAt(tab: Page, share: number): Promise<boolean> {
  const roll = tab.locator("g.roll").first();
  const [left, width] = await Promise.all([roll.getAttribute("data-left"), roll.getAttribute("data-width")]);
  const x = Number(await tab.locator("line.cursor").getAttribute("x1"));
  return Math.abs(x - (Number(left) + share * Number(width))) < 1e-3;
}

browserTest(
  "a roll goes as fast as the tempo says, and begins again where it shall be repeated",
  async () => {
    await inBrowser(await page(["soprano", "bass"]), async (tab) => {
      const pressed = () => tab.locator("button.play").first().getAttribute("aria-pressed");
      const tempo = tab.getByLabel("Tempo");
      await setClock(tab, 3);
      await tab.locator("button.play").first().focus();
      await tab.keyboard.press("Enter");
      await until(tab, () => cursorAt(tab, 0));
      await setClock(tab, 4);
      await until(tab, () => cursorAt(tab, 1 / 4));
      await tempo.focus();
      await tab.keyboard.press("End"); // twice as fast
      assert.equal(await tab.locator(".listening output").innerText(), "200 %");
      await tab.waitForTimeout(100);
      await setClock(tab, 5);
      await until(tab, () => cursorAt(tab, 3 / 4));
      await tab.getByLabel("Repeat").press("Space");
      await tab.waitForTimeout(100);
      await setClock(tab, 6);
      await until(tab, () => cursorAt(tab, 1 / 4));
      await tab.getByLabel("Repeat").press("Space");
      await tab.waitForTimeout(100);
      await setClock(tab, 9);
      await until(tab, async () => await pressed() === "false");
    }, { setUp: CLOCK });
  },
);

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(
    `axe-core has no objection to how voices are listened to, in the ${colorScheme} theme`,
    async () => {
      await inBrowser(await page(["soprano", "alto", "tenor", "bass"]), async (tab) => {
        assert.deepEqual(await violations(tab), []);
        for (const name of ["Soprano", "Alto", "Tenor", "Bass"]) {
          assert.ok(await tab.getByLabel(name, { exact: true }).isChecked());
        }
        assert.equal(await tab.getByRole("link", { name: "MusicXML" }).count(), 2);
      }, { colorScheme });
    },
  );
}

browserTest(
  "a click starts a roll, its cursor keeps time with the sound, and at the end it stops",
  async () => {
    await inBrowser(await page(), async (tab) => {
      const buttons = tab.locator("button.play");
      const cursors = tab.locator("line.cursor");
      const pressed = (i: number) => buttons.nth(i).getAttribute("aria-pressed");

      await setClock(tab, 7);
      await buttons.first().click();
      assert.equal(await pressed(0), "true");
      await until(tab, () => cursorAt(tab, 0));
      await setClock(tab, 8);
      await until(tab, () => cursorAt(tab, 1 / 4));
      await setClock(tab, 10);
      await until(tab, () => cursorAt(tab, 3 / 4));

      await buttons.nth(1).click();
      assert.deepEqual([await pressed(0), await pressed(1)], ["false", "true"], "one sound at a time");
      assert.equal(await cursors.count(), 1);
      await until(tab, () => cursorAt(tab, 0));
      await buttons.nth(1).click();
      assert.equal(await pressed(1), "false");
      assert.equal(await cursors.count(), 0);

      await buttons.first().click();
      await until(tab, () => cursorAt(tab, 0));
      await setClock(tab, 14);
      await until(tab, () => cursorAt(tab, 1));
      assert.equal(await pressed(0), "true", "the last note dies away");
      await setClock(tab, 14.7);
      await until(tab, async () => await pressed(0) === "false");
      assert.equal(await cursors.count(), 0);
    }, { setUp: CLOCK });
  },
);

browserTest(
  "the notes are heard at their pitches and times, and nothing after a stop or the end",
  async () => {
    const sound = await recorded(`
      [0, () => first = perform([[69, 0, 5]], 1)],
      [1, () => first.stop()],
      [3, () => perform([[76, 0, 1], [69, 1, 4]], 1)],`);
    // The first, a long A, is stopped after a second.
    assert.deepEqual(heard(sound, 0.2), { pitch: 69, loud: true });
    assert.equal(heard(sound, 2).loud, false);
    // The second is an E, then an A: it lasts although that of the first would have ended meanwhile.
    assert.deepEqual(heard(sound, 3.2), { pitch: 76, loud: true });
    assert.deepEqual(heard(sound, 4.2), { pitch: 69, loud: true });
    assert.deepEqual(heard(sound, 6.2), { pitch: 69, loud: true });
    assert.equal(heard(sound, 8).loud, false);
  },
);

browserTest(
  "notes that change while they are played go on where they agree, and at once where not",
  async () => {
    const sound = await recorded(`
    [0, () => first = perform([[69, 0, 6], [76, 6, 7]], 1, 8)],
    [1.2, () => first.change([[69, 0, 4], [64, 5, 8]])],
    [5.6, () => first.change([[72, 0, 7]])],`);
    assert.deepEqual(heard(sound, 2), { pitch: 69, loud: true });
    assert.equal(heard(sound, 4.5).loud, false, "it ends where the new note does");
    assert.deepEqual(heard(sound, 5.05), { pitch: 64, loud: true });
    assert.deepEqual(heard(sound, 6.4), { pitch: 72, loud: true });
    assert.equal(heard(sound, 8).loud, false);
  },
);

browserTest("voices are sung at their pitches, and one that is muted is not heard", async () => {
  const sound = await recorded(`
    [0, () => perform([[60, 0, 4, 0], [69, 0, 4, 3]], 1)],
    [1, () => mute(0, true)],
    [2.5, () => { mute(0, false); mute(3, true); }],`);
  assert.deepEqual(heard(sound, 0.3), { pitch: 60, loud: true });
  assert.deepEqual(heard(sound, 1.5), { pitch: 69, loud: true });
  assert.deepEqual(heard(sound, 3), { pitch: 60, loud: true });
  assert.equal(heard(sound, 6).loud, false);
});

const RATE = 16_000;
/** The player's sound, computed in its own time: no sound card and no waiting. @param events [seconds, () => ...], */
async function recorded(events: string): Promise<Float32Array> {
  const text = await (recorder ??= bundleRecorder());
  let sound = "";
  await inBrowser(`<!doctype html><script>${text}</script>`, async (tab) => {
    sound = await tab.evaluate(
      (events) => (globalThis as unknown as { record(events: string): Promise<string> }).record(events),
      events,
    );
  });
  return new Float32Array(Uint8Array.fromBase64(sound).buffer);
}

let recorder: Promise<string> | undefined;

/** A script whose `record` gives what is heard, one channel of float32 in base64. */
async function bundleRecorder(): Promise<string> {
  const contents = `
    import { Offline } from "tone";
    import { mute, perform } from "./sound.js";

    globalThis.record = async (text) => {
      const events = Function("perform", "mute", "let first; return [" + text + "]")(perform, mute);
      const buffer = await Offline((context) => {
        context.on("tick", () => {
          while (events.length > 0 && events[0][0] <= context.currentTime) events.shift()[1]();
        });
      }, 9, 1, ${RATE});
      return new Uint8Array(buffer.getChannelData(0).slice().buffer).toBase64();
    };`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: PLAYER },
    bundle: true,
    write: false,
    format: "iife",
  });
  await stop();
  return outputFiles[0]!.text;
}

/** The lowest semitone that is strong in the half second from a time on, and whether anything is. */
function heard(sound: Float32Array, from: number): { pitch: number; loud: boolean } {
  const wave = sound.slice(from * RATE, (from + 0.5) * RATE);
  const power = (pitch: number) => {
    const step = 2 * Math.PI * 440 * 2 ** ((pitch - 69) / 12) / RATE;
    const [turnX, turnY] = [Math.cos(step), Math.sin(step)];
    let real = 0, imaginary = 0, x = 1, y = 0;
    for (const sample of wave) {
      real += sample * x;
      imaginary += sample * y;
      const turned = x * turnX - y * turnY;
      y = x * turnY + y * turnX;
      x = turned;
    }
    return real ** 2 + imaginary ** 2;
  };
  const powers = Array.from({ length: 49 }, (_, i) => power(45 + i));
  const strongest = Math.max(...powers);
  return {
    pitch: 45 + powers.findIndex((power) => power >= strongest / 10),
    loud: wave.some((x) => Math.abs(x) > 1e-3),
  };
}
