import assert from "node:assert/strict";
import {
  FIGURE_NAMES,
  FIGURE_OPTIONS,
  figureModules,
  figureSpec,
  studyModules,
} from "../../pipeline/figures/figures.ts";
import { moduleUrl } from "../../pipeline/base/module_url.ts";
import { type FigureSpec, studied } from "../../pipeline/figures/figure_spec.ts";
import type { FigureKind } from "../../pipeline/figures/kinds.ts";

const KINDS: readonly FigureKind[] = ["images", "music"];

Deno.test("each figure is drawn of one kind of data at least, by a module that draws; a study has one that measures", async () => {
  for (const name of FIGURE_NAMES) {
    const roles = KINDS.map((kind) => figureModules([name], kind)[`figure/${name}`]);
    assert(roles.some(Boolean), `${name} is drawn of nothing`);
    for (const module of roles) {
      if (module) assert.equal(typeof (await import(module.href)).draw, "function", module.href);
    }
    for (const kind of KINDS) {
      const module = studyModules([name], kind)[`study/${name}`];
      if (module) assert.equal(typeof (await import(module.href)).measure, "function", module.href);
    }
  }
});

Deno.test("all modules of a figure stand in its folder", () => {
  for (const name of FIGURE_NAMES) {
    for (const kind of KINDS) {
      const modules = [figureModules([name], kind), studyModules([name], kind)];
      for (const url of modules.flatMap((byRole): URL[] => Object.values(byRole))) {
        assert(url.pathname.includes(`/pipeline/figures/${name.replaceAll("-", "_")}/`), url.pathname);
      }
    }
  }
});

Deno.test("only what is asked for and exists of the data has a module; studies come in the table's order", () => {
  assert.deepEqual(Object.keys(figureModules(["manifold", "architecture"], "music")), [
    "figure/architecture",
  ]);
  assert.deepEqual(Object.keys(figureModules(["manifold", "music-statistics"], "images")), [
    "figure/manifold",
  ]);
  assert.deepEqual(studyModules(["class-samples", "architecture"], "music"), {});
  assert.deepEqual(Object.keys(studyModules(["class-samples", "completion", "manifold"], "images")), [
    "study/completion",
    "study/class-samples",
  ]);
});

Deno.test("figures that go by an option of the same name go by the same one", () => {
  const all: Readonly<Record<string, unknown>> = FIGURE_OPTIONS;
  for (const name of FIGURE_NAMES) {
    for (const [option, schema] of Object.entries(figureSpec(name).options ?? {})) {
      assert.equal(schema, all[option], `${name}: ${option}`);
    }
  }
});

Deno.test("a figure of the wrong kind of data, without its study or with another's is an error of types", () => {
  const url = new URL(import.meta.url);
  const completion = moduleUrl<typeof import("../../pipeline/figures/completion/figure.ts")>(url);
  const denoising = moduleUrl<typeof import("../../pipeline/figures/denoising/study.ts")>(url);
  const statistics = moduleUrl<typeof import("../../pipeline/figures/music_statistics/figure.ts")>(url);
  // @ts-expect-error what denoising measures is not what the figure of completion shows
  studied({ figure: completion, study: denoising });
  // @ts-expect-error the figure of completion shows what its study measured
  ({ of: { images: { figure: completion } } }) satisfies FigureSpec;
  // @ts-expect-error there are no statistics of notes in images
  ({ of: { images: { figure: statistics } } }) satisfies FigureSpec;
});
