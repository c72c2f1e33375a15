import assert from "node:assert/strict";
import midi from "@tonejs/midi";
import { script } from "../../../pipeline/kinds/music/report.ts";
import { explorerData } from "../../../pipeline/report/explorer/explorer.ts";
import { renderPage } from "../../../pipeline/report/page.ts";
import { browserTest, inBrowser } from "../../report/browser.ts";
import { spotExplorer } from "../../report/explorer/fixture.ts";
import { smallReport } from "../../report/fixture.ts";
import { scriptOf } from "../../report/script_of.ts";

const STYLE = (await Promise.all(
  ["style.css", "explorer/explorer.css"].map((name) =>
    Deno.readTextFile(new URL(`../../../pipeline/report/${name}`, import.meta.url))
  ),
)).join("\n");

/** Two voices of 10 pitches, hold and rest, in as many columns. */
const VOICES = {
  format: { stepsPerQuarter: 4, lowestPitch: 60, pitches: 10, articulation: true },
  voices: { names: ["upper", "lower"], lowestPitch: 60, pitches: 10 },
  symbols: {
    draws: false,
    temperature: 1,
    topP: 1,
    ranges: null,
    crosses: true,
    parallels: true,
    chords: "free",
  },
};

/**
 * Rolls of 32 steps and 24 pitches: a cluster of notes where z says.
 * @param changes of what is told of the music
 * @param steps that are written one after the other
 */
async function pageOf(changes: object = {}, steps: number | null = null): Promise<string> {
  const text = await scriptOf(script);
  const source = await spotExplorer({ height: 32, width: 24 });
  const kind = {
    format: { stepsPerQuarter: 4, lowestPitch: 48, pitches: 24, articulation: false },
    length: 32,
    stepsPerBar: 16,
    metre: { numerator: 4, denominator: 4 },
    tempo: 120,
    choice: { cells: "threshold", threshold: 0.5, monophonic: false },
    ...changes,
  };
  const report = smallReport();
  const words = { ...report.words, nouns: { one: "piece", many: "pieces" } };
  const data = explorerData({ ...source, nouns: words.nouns, kind });
  const explorer = "reason" in data ? data : { ...data, steps };
  return renderPage({ ...report, words, explorer }, STYLE, text);
}

browserTest("what is decoded plays, and a path is saved as MIDI whose notes lie where z says", async () => {
  await inBrowser(await pageOf(), async (page) => {
    const play = page.locator("#explorer .play");
    await play.click();
    assert.equal(await play.getAttribute("aria-pressed"), "true");
    await play.click();
    assert.equal(await play.getAttribute("aria-pressed"), "false");
    const path = page.getByRole("group", { name: "Path" });
    // From low pitches to high ones, in the middle of the roll.
    for (const z of ["-2", "2"]) {
      await page.getByLabel("z 1").fill(z);
      await path.getByRole("button", { name: "Add this point" }).click();
    }
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      path.getByRole("button", { name: "Save as MIDI" }).click(),
    ]);
    const { tracks, header } = new midi.Midi(await Deno.readFile(await download.path()));
    assert.equal(Math.round(header.tempos[0]!.bpm), 120);
    const notes = tracks[0]!.notes, quarter = header.ppq;
    assert(notes.length > 8);
    const mean = (from: number) => {
      const own = notes.filter(({ ticks }) => Math.floor(ticks / (8 * quarter)) === from).map(({ midi }) =>
        midi
      );
      return own.reduce((sum, pitch) => sum + pitch, 0) / own.length;
    };
    // z of 2 is a quarter of 24 pitches from the middle, 59.5.
    assert(Math.abs(mean(0) - 53.5) < 1, String(mean(0)));
    assert(Math.abs(mean(7) - 65.5) < 1, String(mean(7)));
  });
});

browserTest(
  "the tempo is the explorer's own, and a path is saved as it was heard, or as it moved",
  async () => {
    await inBrowser(await pageOf(), async (page) => {
      const tempo = page.locator('#explorer [name="tempo"]');
      await tempo.fill("150");
      assert.equal(await page.locator("#explorer .listening output").innerText(), "150 %");
      const path = page.getByRole("group", { name: "Path" });
      for (const z of ["-1", "1"]) {
        await page.getByLabel("z 1").fill(z);
        await path.getByRole("button", { name: "Add this point" }).click();
      }
      const saved = async (name: string) => {
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          path.getByRole("button", { name }).click(),
        ]);
        return await Deno.readFile(await download.path());
      };
      const { header } = new midi.Midi(await saved("Save as MIDI"));
      assert.equal(Math.round(header.tempos[0]!.bpm), 180);
      const picture = await saved("Save as APNG"), view = new DataView(picture.buffer);
      // A roll of 32 steps and 24 pitches, 6 by 5 pixels each, 24 frames there and 22 back.
      assert.deepEqual([view.getUint32(16), view.getUint32(20)], [32 * 6, 24 * 5]);
      const text = new TextDecoder("latin1").decode(picture);
      assert.equal(view.getUint32(text.indexOf("acTL") + 4), 46);
      await page.evaluate(`{
      const picture = new Image();
      picture.src = "data:image/png;base64,${picture.toBase64()}";
      picture.decode();
    }`);
    });
  },
);

browserTest(
  "notes that are clicked into the roll are read, taken away again, and completed where they are hidden",
  async () => {
    await inBrowser(await pageOf(), async (page) => {
      const pad = page.locator(".pad");
      await pad.scrollIntoViewIfNeeded();
      const box = (await pad.boundingBox())!;
      const [x, y] = [box.x + box.width * 0.5, box.y + box.height * 0.25];
      await page.mouse.click(x, y);
      await page.getByText(/Nearest of 40 training pieces/).waitFor();
      await page.mouse.click(x + 2, y);
      await page.getByText("Nothing is drawn yet.").waitFor();
      await pad.focus();
      for (const key of ["ArrowRight", "ArrowUp", "Space"]) await page.keyboard.press(key);
      await page.getByText(/Nearest of 40/).waitFor();
      await page.getByRole("button", { name: "Hide", exact: true }).click();
      // From the last step to the middle in one move: all that lies between is hidden.
      await page.mouse.move(box.x + box.width * 0.99, y);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.51, y);
      await page.mouse.up();
      const completed = page.locator(".shown", { hasText: "Completed" });
      await completed.waitFor();
      // Hidden steps are tinted: there is more red than blue.
      const columns = await page.evaluate<boolean[]>(`{
        const pad = document.querySelector(".pad"), { width, height } = pad;
        const { data } = pad.getContext("2d").getImageData(0, height >> 1, width, 1);
        Array.from({ length: 32 }, (_, step) => {
          const at = 4 * Math.floor((step + 0.5) * width / 32);
          return data[at] > data[at + 2] + 20;
        });
      }`);
      assert.deepEqual(columns, Array.from({ length: 32 }, (_, step) => step >= 16));
    });
  },
);

browserTest(
  "voices are written one by one: each sings one note at a time, and another voice beside it",
  async () => {
    await inBrowser(await pageOf(VOICES), async (page) => {
      const pad = page.locator(".pad");
      await pad.scrollIntoViewIfNeeded();
      const box = (await pad.boundingBox())!;
      const click = (step: number, pitch: number) =>
        page.mouse.click(box.x + box.width * (step + 0.5) / 32, box.y + box.height * (69.5 - pitch) / 10);
      const blank = page.getByText("Nothing is drawn yet."), read = page.getByText(/Nearest of 40/);
      await click(8, 65);
      await read.waitFor();
      // The same voice in the same quarter: the first note makes room, so that without the second nothing is left.
      await click(8, 62);
      await click(8, 62);
      await blank.waitFor();
      await click(8, 65);
      await page.getByRole("button", { name: "Lower", exact: true }).click();
      await click(8, 62);
      await page.getByRole("button", { name: "Upper", exact: true }).click();
      await click(9, 65);
      // The lower voice sings still, until it is taken away as well.
      await read.waitFor();
      await page.getByRole("button", { name: "Lower", exact: true }).click();
      await click(11, 62);
      await blank.waitFor();
      await click(0, 60);
      await page.getByRole("button", { name: "Hide", exact: true }).click();
      await click(30, 60);
      await page.locator(".shown", { hasText: "Completed" }).waitFor();
    });
  },
);

browserTest(
  "what a model that writes step by step decoded as it trained is told apart from what the page writes",
  async () => {
    const note = /read the probabilities of what was before it, not what was chosen by them/;
    await inBrowser(await pageOf({}, 32), async (page) => {
      await page.getByRole("heading", { name: "Training as it went" }).scrollIntoViewIfNeeded();
      await page.getByText(note).waitFor();
    });
    await inBrowser(await pageOf(), async (page) => {
      await page.getByRole("heading", { name: "Training as it went" }).waitFor();
      assert.equal(await page.getByText(note).count(), 0);
    });
  },
);
