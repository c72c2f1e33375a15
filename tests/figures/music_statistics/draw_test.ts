import assert from "node:assert/strict";
import { drawMusicStatistics, type RollHistograms } from "../../../pipeline/figures/music_statistics/draw.ts";

const TEXT = { title: "Music", description: "Histograms." };

/** All in the first bar of each histogram, but for `share` of it in a far one. */
function histograms(share: number): RollHistograms {
  const two = (length: number) =>
    Array.from({ length }, (_, i) => i === 0 ? 1 - share : i === length - 1 ? share : 0);
  const groove = [
    { metre: "3/4", onsets: new Array(12).fill(0) },
    { metre: "4/4", onsets: two(16) },
  ];
  return { pitchClasses: two(12), polyphony: two(30), groove, durations: [0, ...two(60)] };
}

function bars(svg: string): string[] {
  return Array.from(svg.matchAll(/<path d="([^"]*)" fill="#/g), ([, d]) => d!);
}

Deno.test("each histogram has a bar for each share and set, as high as the share", () => {
  const sets = [{ name: "data", histograms: histograms(0) }, {
    name: "samples",
    histograms: histograms(0.25),
  }];
  const svg = drawMusicStatistics({ sets }, TEXT);
  const paths = bars(svg);
  assert.equal(paths.length, 4 * 2);
  const heights = (d: string) =>
    Array.from(
      d.matchAll(/M[\d.]+,([\d.]+)h[\d.]+V([\d.]+)/g),
      ([, top, base]) => Number(base) - Number(top),
    );
  for (let panel = 0; panel < 4; panel++) {
    const [data, samples] = [heights(paths[2 * panel]!), heights(paths[2 * panel + 1]!)];
    assert.ok(Math.abs(samples[0]! / data[0]! - 0.75) < 0.01);
    // What lies beyond the last bar is counted in it.
    assert.ok(Math.abs(samples.at(-1)! / data[0]! - 0.25) < 0.01);
    assert.equal(data.at(-1), 0);
  }
  for (const words of ["data", "samples", "pitch class", "onsets by step of the bar, 4/4", "10+", "16+"]) {
    assert.ok(svg.includes(`>${words}<`), words);
  }
  assert.equal(svg, drawMusicStatistics({ sets }, TEXT));
});

Deno.test("silence is drawn too", () => {
  const silent = {
    pitchClasses: new Array(12).fill(0),
    polyphony: [1],
    groove: [],
    durations: [],
  };
  assert.doesNotThrow(() => drawMusicStatistics({ sets: [{ name: "nothing", histograms: silent }] }, TEXT));
});
