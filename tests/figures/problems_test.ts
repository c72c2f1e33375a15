import assert from "node:assert/strict";
import type { FigureName, FigureOptions } from "../../pipeline/figures/figures.ts";
import { parseExperiment } from "../../pipeline/spec/load.ts";
import { DENSE } from "../spec/helpers.ts";
import type { FigureConditions } from "../../pipeline/figures/figure_spec.ts";
import { figureProblems, testExamples } from "../../pipeline/figures/problems.ts";

const OPTIONS: FigureOptions = {
  ...parseExperiment(DENSE, "s.json", []).spec.figures,
  samples: 4,
  manifoldSize: 3,
  manifoldTail: 0.05,
  reconstructions: 4,
  interpolation: { from: 0, to: 2, steps: 5 },
  scatterPoints: 100,
};
const CONDITIONS: FigureConditions = {
  training: {},
  likelihood: { title: "Gaussian", exponentialFamily: true },
  classes: ["a", "b", "c"],
};

const problems = (show: readonly FigureName[], training = {}, options = {}) =>
  figureProblems({ ...OPTIONS, ...options, show }, { ...CONDITIONS, training });

Deno.test("a figure that needs something of the training says what, and where it is asked for", () => {
  assert.deepEqual(problems(["architecture", "denoising", "manifold-animation"]), [
    {
      path: ["figures", "show", 1],
      message: 'The figure "denoising" needs training.inputNoise, which is not given',
      notes: ['Next: "inputNoise": 0.5 in training.'],
    },
    {
      path: ["figures", "show", 2],
      message: 'The figure "manifold-animation" needs training.manifoldSnapshots, which is not given',
      notes: ['Next: "manifoldSnapshots": 10 in training.'],
    },
  ]);
  assert.deepEqual(
    problems(["denoising", "manifold-animation"], { inputNoise: 0.1, manifoldSnapshots: 3 }),
    [],
  );
});

Deno.test("a figure that infers z from half an image is refused under a likelihood that cannot", () => {
  const likelihood = { title: "Laplace", exponentialFamily: false };
  const found = figureProblems({ ...OPTIONS, show: ["completion"] }, { ...CONDITIONS, likelihood });
  assert.deepEqual(found, [{
    path: ["figures", "show", 0],
    message:
      'The figure "completion" needs a likelihood that is an exponential family in x, to infer z from half ' +
      "an image: Laplace is none",
    notes: ["Next: leave it out of figures.show."],
  }]);
});

Deno.test("options are checked where their figure is shown, and classes where they are known", () => {
  const options = { interpolation: { from: 3, to: 2, steps: 5 } };
  assert.deepEqual(problems(["architecture"], {}, options), []);
  assert.deepEqual(problems(["interpolation"], {}, options), [{
    path: ["figures", "interpolation", "from"],
    message: "There is no class 3 to interpolate from",
    notes: ["Allowed: 0 to 2."],
  }]);
  assert.deepEqual(
    figureProblems({ ...OPTIONS, ...options, show: ["interpolation"] }, {
      ...CONDITIONS,
      classes: undefined,
    }),
    [],
  );
});

Deno.test("a figure that is asked for twice is told once", () => {
  assert.deepEqual(problems(["manifold", "architecture", "manifold"]), [{
    path: ["figures", "show", 2],
    message: 'The figure "manifold" is asked for twice',
    notes: ["Next: leave one of the two out."],
  }]);
});

Deno.test("options that count test examples are known, so that a spec can be held to how many there are", () => {
  const asked = (...show: FigureName[]) => testExamples({ ...OPTIONS, show });
  assert.deepEqual(asked("latent-scatter", "reconstructions"), [["reconstructions", 4], [
    "scatterPoints",
    100,
  ]]);
  assert.deepEqual(asked("reconstructions"), [["reconstructions", 4]]);
  assert.deepEqual(asked("architecture"), []);
});
