import assert from "node:assert/strict";
import { DOMParser } from "linkedom";
import type { EvaluationMetrics } from "../../../pipeline/artifacts/metrics_json.ts";
import type { MusicMetrics } from "../../../pipeline/artifacts/music_metrics.ts";
import * as imageReport from "../../../pipeline/kinds/images/report.ts";
import * as report from "../../../pipeline/kinds/music/report.ts";

const SCORES = { precision: 0.5, recall: 0.25, f1: 1 / 3 };
const STATISTICS = {
  pitchClasses: [],
  polyphony: [],
  groove: [],
  durations: [],
  meanPolyphony: 2.5,
  firstPolyphony: 2.4,
  meanDuration: null,
  notesPerBar: 7,
  emptyBars: 0.125,
};
const DISTANCES = { pitchClasses: 0.1, groove: null, polyphony: 0.3, durations: 0.4 };

function metrics(method: MusicMetrics["split"]["method"]): EvaluationMetrics {
  const music = {
    split: { method, mean: 0.93, mostlySeen: 0.99 },
    frameNll: { model: 20, reconstruction: 17.5, kl: 2.5, previousFrame: 16, pitchFrequencies: 30 },
    rolls: 40,
    trainingRolls: 4000,
    reconstruction: { onsets: SCORES, notes: { ...SCORES, f1: 0.2 } },
    statistics: { train: STATISTICS, test: STATISTICS, reconstructions: STATISTICS, samples: STATISTICS },
    distances: { test: DISTANCES, reconstructions: DISTANCES, samples: DISTANCES },
    copies: { samples: { rate: 0, meanDissimilarity: 0.8 }, test: { rate: 0.5, meanDissimilarity: 0.2 } },
  };
  return { music } as unknown as EvaluationMetrics;
}

function section(method: MusicMetrics["split"]["method"], readsPast = false) {
  const [music] = report.sections(metrics(method), { readsPast });
  return new DOMParser().parseFromString(`<main>${music!.body}</main>`, "text/html").querySelector("main")!;
}

function rows(table: ReturnType<typeof section>): string[][] {
  return [...table.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent.trim())
  );
}

Deno.test("windows dealt out at random leak: a warning in the section, and a caveat beside the likelihoods", () => {
  assert.match(report.caveat(metrics("windows"))!, /^Warning: this split leaks.* 93\.0 % .* 99\.0 % /);
  assert.match(section("windows").querySelector(".warning")!.textContent, /this split leaks/);
  for (const method of ["stretches", "pieces"] as const) {
    assert.equal(report.caveat(metrics(method)), null);
    assert.match(
      section(method).querySelector("p.note")!.textContent,
      new RegExp(`${method} that training never saw`),
    );
    assert.equal(section(method).querySelector(".warning"), null);
  }
});

Deno.test("the tables have a row for each set; what cannot be measured is none, and not 0", () => {
  const [likelihood, notes, statistics] = [...section("pieces").querySelectorAll("table")];
  assert.deepEqual(rows(likelihood!).map(([, nats]) => nats), ["20.00", "16.00", "30.00"]);
  assert.deepEqual(rows(notes!), [
    ["Onsets: pitch and step", "50.0 %", "25.0 %", "33.3 %"],
    ["Notes: and length within a fifth", "50.0 %", "25.0 %", "20.0 %"],
  ]);
  assert.deepEqual(rows(statistics!)[0]!.slice(1), ["2.50", "none", "7.0", "12.5 %", "", "", "", ""]);
  assert.deepEqual(rows(statistics!)[3]!.slice(5), ["0.100", "none", "0.300", "0.400"]);
});

Deno.test("the likelihood of the model is a bound with the KL in it, and says what it is made of", () => {
  const [first] = rows(section("pieces").querySelector("table")!);
  assert.match(first![0]!, /at most.*reconstruction 17\.50 \+ KL 2\.50/);
});

/** The section of pieces whose samples have other statistics. */
function sectionWith(samples: Partial<typeof STATISTICS>, readsPast: boolean): string {
  const { music, ...rest } = metrics("pieces") as EvaluationMetrics & { music: MusicMetrics };
  const statistics = { ...music.statistics, samples: { ...STATISTICS, ...samples } };
  const all = { ...rest, music: { ...music, statistics } } as EvaluationMetrics;
  return String(report.sections(all, { readsPast })[0]!.body);
}

Deno.test("samples that are nearly empty are said to be, with what to do", () => {
  const warning = (meanPolyphony: number) =>
    /nearly empty: ([\d.]+) pitches at once, where training windows have ([\d.]+\d)/.exec(
      sectionWith({ meanPolyphony }, false),
    );
  assert.deepEqual(warning(0.04)!.slice(1), ["0.04", "2.50"]);
  assert.equal(warning(2), null);
});

Deno.test("samples that begin with clusters are said to", () => {
  const warning = (firstPolyphony: number) =>
    /clusters: ([\d.]+) pitches sound in their first step, where training windows have ([\d.]+\d), and ([\d.]+\d)/
      .exec(sectionWith({ firstPolyphony }, true));
  assert.deepEqual(warning(26.9)!.slice(1), ["26.9", "2.4", "2.5"]);
  assert.equal(warning(3), null);
});

Deno.test("a decoder that reads what it wrote is compared as one", () => {
  const first = (readsPast: boolean) => rows(section("pieces", readsPast))[1]![0]!;
  assert.match(first(true), /given it, as the model is$/);
  assert.match(first(false), /given it, as the model is not$/);
});

Deno.test("images have nothing that other data do not have", () => {
  assert.deepEqual(imageReport.sections(metrics("pieces"), { readsPast: false }), []);
  assert.equal(imageReport.caveat(metrics("windows")), null);
  assert.equal("player" in imageReport, false);
});
