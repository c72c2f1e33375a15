import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { DOMParser } from "linkedom";
import { METRICS_CSV } from "../../../pipeline/artifacts/metrics_csv.ts";
import type { EvaluationMetrics } from "../../../pipeline/artifacts/metrics_json.ts";
import { decodePng, encodePng } from "../../../pipeline/formats/png.ts";
import type { Candidate, Comparison, Finished } from "../../../pipeline/report/compare/candidate.ts";
import { differingSettings, groupRuns } from "../../../pipeline/report/compare/groups.ts";
import { readResult } from "../../../pipeline/report/compare/read.ts";
import {
  experiment,
  finished,
  fixtureComparison,
  largeComparison,
  MADE,
  metrics,
  renderFixture,
} from "./fixture.ts";

async function open(comparison: Comparison) {
  const { html, markdown } = await renderFixture(comparison);
  return { html, markdown, document: new DOMParser().parseFromString(html, "text/html") };
}

type Page = Awaited<ReturnType<typeof open>>["document"];

function tableOf(document: Page, caption: RegExp): string[][] {
  const table = [...document.querySelectorAll("table")].find((table) =>
    caption.test(table.querySelector("caption")!.textContent)
  );
  assert.ok(table, String(caption));
  return [...table.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent.replace(/\s+/g, " ").trim())
  );
}

async function groupsOf({ candidates }: Comparison) {
  return groupRuns(
    await Promise.all(
      candidates.map(async (candidate) => ({ ...candidate, result: await readResult(candidate) })),
    ),
  );
}

/** Experiments of their own, outside of any sweep. */
function single(name: string, seed: number, made = MADE[1]!, changes: object = {}): Candidate {
  const spec = experiment(name, seed, changes);
  return { name: spec.name, origin: name, coordinates: [], spec, outcome: finished(made, spec, null) };
}

Deno.test("runs that differ in the seed alone are one group, and its mean and spread are theirs", async () => {
  const { document } = await open(fixtureComparison());
  const rows = tableOf(document, /On the test set/);
  assert.deepEqual(rows.map(([label]) => label), ["constant", "linear", "free bits"]);
  const losses = [1, 2, 3].map((seed) => metrics(MADE[0]!, seed).test.loss);
  const mean = losses.reduce((sum, loss) => sum + loss / 3, 0);
  const deviation = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 2);
  assert.equal(rows[0]![1], `${mean.toFixed(2)}± ${deviation.toFixed(2)}`);
});

Deno.test("a diverged run stays in view, with its reason and what to try", async () => {
  const { document, markdown } = await open(fixtureComparison());
  const note = document.querySelector(".failures")!.textContent;
  assert.match(note, /1 run without a result/);
  assert.match(note, /linear, seed 3/);
  assert.match(note, /Training diverged: loss NaN at epoch 3, step 17/);
  assert.match(note, /Try: --set training.learningRate.rate=0.0001/);
  assert.match(tableOf(document, /On the test set/)[1]!.at(-1)!, /1 2 3 failed/);
  assert.match(tableOf(document, /Every run/)[5]!.at(-1)!, /^failed: Training diverged/);
  assert.match(markdown, /\*\*linear, seed 3\*\* failed: Training diverged/);
  assert.match(markdown, /\| linear \| 2 of 3 \|/);
});

Deno.test("results that somebody has damaged are told with the run that they are of", async () => {
  const candidate = single("good", 1);
  const readBy = (bytes: string) =>
    readResult({
      ...candidate,
      outcome: {
        ...candidate.outcome as Finished,
        read: () => Promise.resolve(new TextEncoder().encode(bytes)),
      },
    });
  const notes = ["Next: run it again; what is cached is not run."];
  await assert.rejects(readBy("{"), {
    message: "Cannot read the results of good-1: its evaluate/metrics.json is damaged",
    notes,
  });
  for (const wrong of ["null", "3", '{"parameters":"many"}']) {
    const problem = "its evaluate/metrics.json is damaged: parameters is no number";
    await assert.rejects(readBy(wrong), { message: `Cannot read the results of good-1: ${problem}`, notes });
  }
  const lossless = JSON.stringify({ ...metrics(MADE[1]!, 1), test: {} });
  await assert.rejects(readBy(lossless), { message: /test\.loss is no number$/ });
});

Deno.test("every finished run links to its report", async () => {
  const comparison = fixtureComparison();
  const { document } = await open(comparison);
  const links = new Set(
    [...document.querySelectorAll("#results a, #runs a")].map((a) => a.getAttribute("href")),
  );
  const wanted = comparison.candidates.flatMap(({ outcome }) =>
    outcome.status === "done" ? [outcome.link] : []
  );
  assert.deepEqual([...links].sort(), wanted.sort());
});

Deno.test("the table of settings has what differs and nothing else", async () => {
  const groups = await groupsOf(fixtureComparison());
  const rows = new Map(differingSettings(groups).map(({ path, values }) => [path, values]));
  assert.deepEqual(rows.get("kl.freeBits"), [0, 0, 0.5]);
  assert.deepEqual(rows.get("kl.schedule"), ["constant", "linear", "constant"]);
  assert.deepEqual(rows.get("kl.weight"), [1, undefined, 1]);
  assert.ok([...rows.keys()].every((path) => path.startsWith("kl.")), [...rows.keys()].join());
});

Deno.test("runs that differ in what training minimises or in how cells become notes are no seeds of each other", async () => {
  const music = { dataset: { name: "piano-genres" } };
  const changes = [
    {},
    { objective: { name: "iwae", samples: 5 } },
    music,
    { ...music, generation: { threshold: 0.4 } },
  ];
  const candidates = changes.flatMap((change, i) =>
    [1, 2].map((seed) => single(`run-${i}`, seed, MADE[1], change))
  );
  const groups = await groupsOf({ ...fixtureComparison(), candidates });
  assert.deepEqual(groups.map(({ runs }) => runs.length), [2, 2, 2, 2]);
});

Deno.test("the same run found twice counts once; two results of the same settings are compared", async () => {
  const twice = await groupsOf({ ...fixtureComparison(), candidates: [single("a", 1), single("a", 1)] });
  assert.deepEqual(twice.map(({ runs }) => runs.length), [1]);
  const versions = [single("a", 1), { ...single("a", 1, MADE[2]), origin: "other" }, single("a", 2)];
  const groups = await groupsOf({ ...fixtureComparison(), candidates: versions });
  assert.deepEqual(groups.map(({ runs }) => runs.length), [2, 1]);
  assert.equal(new Set(groups.map(({ label }) => label)).size, 2);
});

Deno.test("runs that are not measured alike have no best, and the page says so", async () => {
  const candidates = [1, 2, 3].flatMap((seed) => [
    single("good", seed),
    single("bad", seed, MADE[0], { kl: { schedule: "constant", weight: 2 } }),
  ]);
  const alike = await open({ ...fixtureComparison(), candidates });
  assert.match(
    alike.document.querySelector(".conclusion")!.textContent,
    /^good-1 is best: .* ahead of bad-1 \(p/,
  );
  assert.match(alike.markdown, /\| good-1 \| 3 \| \*\*/);

  /** The bad ones measured otherwise. */
  const otherwise = (change: (measured: EvaluationMetrics) => object) =>
    candidates.map((candidate): Candidate => {
      const { outcome, spec } = candidate;
      if (outcome.status !== "done" || !candidate.name.startsWith("bad")) return candidate;
      const measured = metrics(MADE[0]!, spec.seed),
        text = JSON.stringify({ ...measured, ...change(measured) });
      const read = (output: string) =>
        output === "evaluate/metrics.json"
          ? Promise.resolve(new TextEncoder().encode(text))
          : outcome.read(output);
      return { ...candidate, outcome: { ...outcome, read } };
    });
  // That values are told each other is no other measure.
  const told = otherwise(({ likelihood }) => ({
    likelihood: { ...likelihood, autoregressive: { units: 0 } },
  }));
  const hearing = await open({ ...fixtureComparison(), candidates: told });
  assert.match(hearing.document.querySelector(".conclusion")!.textContent, /^good-1 is best/);
  const binarised = otherwise(({ dataset }) => ({ dataset: { ...dataset, binarisation: "threshold" } }));
  const unlike = await open({ ...fixtureComparison(), candidates: binarised });
  assert.match(unlike.document.querySelector(".conclusion")!.textContent, /not measured alike/);
  assert.equal(unlike.document.querySelectorAll("td.best").length, 0);
  assert.ok(!unlike.markdown.includes("**"));
});

Deno.test("where all runs have a validation part it ranks them, and the test part is shown without a mark", async () => {
  /** A run whose validation loss is as given, whatever its test loss. */
  const validated = (candidate: Candidate, loss: number | null): Candidate => {
    const { outcome, spec } = candidate;
    const made = candidate.name.startsWith("good") ? MADE[1]! : MADE[0]!;
    const measured = metrics(made, spec.seed);
    const validation = loss === null ? null : { ...measured.test, loss };
    const read = (output: string) =>
      output === "evaluate/metrics.json"
        ? Promise.resolve(new TextEncoder().encode(JSON.stringify({ ...measured, validation })))
        : (outcome as Finished).read(output);
    return { ...candidate, outcome: { ...outcome as Finished, read } };
  };
  // On the test part "good" is far better; on the validation part it is worse.
  const candidates = (lossOfBad: (seed: number) => number | null) =>
    [1, 2, 3].flatMap((seed) => [
      validated(single("good", seed), 300 + seed),
      validated(
        single("bad", seed, MADE[0], { kl: { schedule: "constant", weight: 2 } }),
        lossOfBad(seed),
      ),
    ]);
  const { document, markdown } = await open({
    ...fixtureComparison(),
    candidates: candidates((seed) => 250 + seed + seed % 2),
  });
  assert.match(document.querySelector(".conclusion")!.textContent, /^bad-1 is best: 252/);
  const rows = tableOf(document, /^Ranked on the validation set/);
  const heads = [...document.querySelectorAll("#results th button")].map((button) => button.textContent);
  const [ranked, tested] = ["−ELBO, validation ↓", "−ELBO, test ↓"].map((head) => heads.indexOf(head));
  assert.ok(ranked! > 0 && tested === ranked! + 1, heads.join());
  const cells = [...document.querySelectorAll("#results tbody tr")].slice(0, 2).map((
    row,
  ) => [...row.children]);
  assert.deepEqual(cells.map((row) => row[ranked!]!.className), ["number", "number best"]);
  assert.deepEqual(cells.map((row) => row[tested!]!.className), ["number", "number"]);
  assert.equal(rows.length, 2);
  assert.match(markdown, /−ELBO, validation \(nats\) ↓ \| −ELBO, test/);

  const mixed = await open({ ...fixtureComparison(), candidates: candidates(() => null) });
  assert.match(mixed.document.querySelector(".conclusion")!.textContent, /^good-1 is best: 106/);
  assert.ok(!mixed.document.body.textContent.includes("−ELBO, validation"));
});

Deno.test("no name, reason or command can add markup, and only the page's own script may run", async () => {
  const evil = `<img src=x onerror=alert(1)>"'&</script><script>alert(2)</script>`;
  const { html, document, markdown } = await open(fixtureComparison(evil));
  assert.equal(document.querySelectorAll("img").length, 0);
  const scripts = [...document.querySelectorAll("script")];
  const [data, script] = scripts;
  // What the script reads is JSON, which no browser runs, and its names are only names.
  assert.deepEqual(scripts.map((each) => each.getAttribute("type")), ["application/json", null]);
  assert(JSON.parse(data!.textContent).runs.length > 0);
  assert(!data!.innerHTML.includes("<"));
  const digest = createHash("sha256").update(script!.textContent).digest("base64");
  assert.ok(
    html.includes(
      `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${digest}'`,
    ),
  );
  assert.ok(!/(^|[^\\])<img/.test(markdown), markdown);
});

Deno.test("a page without any result says why and draws nothing", async () => {
  const comparison = fixtureComparison();
  const candidates = comparison.candidates.map((candidate): Candidate => ({
    ...candidate,
    outcome: { status: "failed", reason: "the disk is full", notes: [] },
  }));
  const { document } = await open({ ...comparison, candidates });
  assert.match(
    document.querySelector(".failures")!.textContent,
    /9 runs without a result.*the disk is full/s,
  );
  assert.equal(document.querySelectorAll("svg").length, 0);
});

Deno.test("a thousand runs make one page: axes are columns, ten groups have colours, runs are folded away", async () => {
  const { html, document } = await open(largeComparison(1000));
  assert.ok(html.length < 4e6, String(html.length));
  const rows = tableOf(document, /On the test set/);
  assert.equal(rows.length, 334);
  assert.deepEqual(rows[0]!.slice(0, 3), ["weight 0.1, latentSize 2", "0.1", "2"]);
  assert.equal(document.querySelectorAll(".legend li").length, 10);
  assert.equal(document.querySelectorAll("#runs details tbody tr").length, 1000);
});

Deno.test("the same comparison gives the same bytes", async () => {
  assert.deepEqual(await renderFixture(fixtureComparison()), await renderFixture(fixtureComparison()));
});

/** A picture of reconstructions as the figure draws it: two strips drawn at random above two of the worst. */
function strips(shade: number): Uint8Array<ArrayBuffer> {
  const pixels = Uint8Array.from({ length: 4 * 6 }, (_, i) => i < 12 ? shade : 255);
  return encodePng({ width: 4, height: 6, channels: 1, pixels });
}

async function stripsOf(candidates: readonly Candidate[]) {
  const { document } = await open({ ...fixtureComparison(), candidates });
  return [...document.querySelectorAll("#pictures h3")].map((heading) => {
    const figures = [...heading.nextElementSibling!.nextElementSibling!.querySelectorAll("figure")];
    return {
      title: heading.textContent,
      pictures: figures.map((figure) => {
        const [, data] = figure.querySelector("img")!.getAttribute("src")!.split(",");
        const { height, pixels } = decodePng(Buffer.from(data!, "base64"));
        return [figure.textContent, height, pixels[0]];
      }),
    };
  });
}

/** A run whose picture of reconstructions is shaded by its seed. */
function pictured(name: string, seed: number, changes: object = {}): Candidate {
  const candidate = single(name, seed, MADE[1]!, { model: MODELS[name]!, ...changes });
  const outcome = finished(MADE[1]!, candidate.spec, null, {
    "render/figures/reconstructions.png": strips(10 * seed),
  });
  return { ...candidate, outcome };
}

const MODELS: Record<string, object> = Object.fromEntries(["a", "b", "c"].map((name, i) => [
  name,
  { architecture: "dense", latentSize: 2 + i, encoder: { units: [8] }, decoder: { units: [8] } },
]));

Deno.test("reconstructions side by side are of the same test examples: one seed, the strips drawn at random alone", async () => {
  const shown = await stripsOf([pictured("a", 1), pictured("a", 2), pictured("b", 2), pictured("b", 3)]);
  assert.deepEqual(shown, [{ title: "Reconstructions", pictures: [["a-1", 3, 20], ["b-2", 3, 20]] }]);
});

Deno.test("groups without a seed or a test part in common stand under titles of their own", async () => {
  const otherData = { dataset: { name: "mnist", split: { test: { count: 50 } } } };
  const shown = await stripsOf([pictured("a", 1), pictured("b", 1), pictured("c", 1, otherData)]);
  assert.deepEqual(shown, [
    { title: "Reconstructions", pictures: [["a-1", 3, 10], ["b-1", 3, 10]] },
    { title: "Reconstructions, other examples (seed 1)", pictures: [["c-1", 3, 10]] },
  ]);
});

Deno.test("a loss that was not measured is none: no mean, no curve and no group takes it for 0", async () => {
  const unmeasured = single("a", 1);
  assert.equal(unmeasured.outcome.status, "done");
  const { read } = unmeasured.outcome as Finished;
  const outcome = {
    ...unmeasured.outcome as Finished,
    read: async (output: string) => {
      const bytes = await read(output);
      if (output !== METRICS_CSV.name || !bytes) return bytes;
      return METRICS_CSV.encode(METRICS_CSV.decode(bytes).map((row) => ({ ...row, test: undefined })));
    },
  };
  const result = await readResult({ ...unmeasured, outcome });
  assert.deepEqual(result!.curves, { epochs: [], loss: [], kl: [], reconstruction: [], klWeight: [] });
  await open({ ...fixtureComparison(), candidates: [{ ...unmeasured, outcome }] });
  const groups = await groupsOf({
    ...fixtureComparison(),
    candidates: [{ ...unmeasured, outcome }, unmeasured],
  });
  assert.deepEqual(groups.map(({ runs }) => runs.length), [1, 1], "it is not the run that was measured");
});

Deno.test("what is named for those who do not see it has a role that may have a name", async () => {
  const { document } = await open(fixtureComparison());
  for (const element of document.querySelectorAll("[aria-label]")) {
    const mayBeNamed = element.hasAttribute("role") ||
      /^(nav|ul|table|input|a|button)$/.test(element.localName);
    assert.ok(mayBeNamed, element.outerHTML.slice(0, 120));
  }
});

Deno.test("groups with another prior are left out of the KL by dimension, which says so", async () => {
  const dense = {
    architecture: "dense",
    latentSize: 16,
    encoder: { units: [256] },
    decoder: { units: [256] },
  };
  const vamp = { ...dense, prior: { name: "vamp", components: 100 } };
  const candidates = [
    single("plain", 1, MADE[1]!),
    single("vamp", 1, MADE[2]!, { model: vamp }),
  ];
  const { document } = await open({ ...fixtureComparison(), candidates });
  const profile = document.querySelector("#figure-kl-profile")!;
  const [plain, other] = [0, 1].map((group) => profile.querySelector(`[data-group="${group}"]`));
  assert.ok(plain && !other);
  assert.match(profile.textContent, /Left out: .*\(VampPrior, 100 components\)\. The KL to such a prior/);
  const alone = await open({ ...fixtureComparison(), candidates: candidates.slice(1) });
  assert.equal(alone.document.querySelector("#figure-kl-profile"), null);
  assert.doesNotMatch(
    alone.document.querySelector(".verdict")!.textContent,
    /no telling/,
    "one alone is no contest",
  );
});
