import assert from "node:assert/strict";
import fc from "fast-check";
import { formatUserError, UserError } from "../../pipeline/base/errors.ts";
import { parseSweep, type Sweep } from "../../pipeline/spec/sweep.ts";
import { cellNames, combinations, shortened } from "../../pipeline/spec/sweep_cells.ts";
import { DENSE, edit } from "./helpers.ts";

const SWEEP = `{
  "name": "trial",
  "title": "A trial",
  "base": "small.json",
  "set": { "training.epochs": 5 },
  "cases": [
    { "name": "constant", "set": { "kl": { "schedule": "constant" } } },
    { "name": "Free bits", "set": { "kl.freeBits": 0.5, "training.epochs": 7 } }
  ],
  "matrix": {
    "model.latentSize": [2, 8],
    "seed": [1, 2, 3]
  },
  "exclude": [{ "case": "constant", "seed": 3 }]
}`;

function parse(text: string, ...overrides: string[]): Promise<Sweep> {
  return parseSweep(text, "folder/sweep.json", overrides, (path) => {
    if (path === "folder/small.json") return DENSE;
    if (path === "folder/sweep.json") return SWEEP;
    if (path === "folder/other.json") return edit(DENSE, `"units": [128] }`, `"units": [64] }`);
    throw new UserError(`Cannot read the spec ${path}: there is no such file`, { exitStatus: 2 });
  });
}

async function messageOf(text: string, ...overrides: string[]): Promise<string> {
  try {
    await parse(text, ...overrides);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    assert.equal(error.exitStatus, 2);
    return formatUserError(error);
  }
  throw new Error("the sweep was accepted");
}

Deno.test("a sweep is every case with every combination of the matrix, less what is excluded", async () => {
  const { cells, title } = await parse(SWEEP);
  assert.equal(title, "A trial");
  assert.deepEqual(cells.map(({ name }) => name), [
    "constant-latent-size-2-seed-1",
    "constant-latent-size-2-seed-2",
    "constant-latent-size-8-seed-1",
    "constant-latent-size-8-seed-2",
    "free-bits-latent-size-2-seed-1",
    "free-bits-latent-size-2-seed-2",
    "free-bits-latent-size-2-seed-3",
    "free-bits-latent-size-8-seed-1",
    "free-bits-latent-size-8-seed-2",
    "free-bits-latent-size-8-seed-3",
  ]);
});

Deno.test("a cell has the base's values, changed by the sweep, then the case, then the matrix", async () => {
  const { cells } = await parse(SWEEP);
  const [first, last] = [cells[0]!.spec, cells.at(-1)!.spec];
  assert.deepEqual(first.kl, { schedule: "constant", weight: 1, freeBits: 0 });
  assert.equal(first.training.epochs, 5);
  assert.equal(first.training.batchSize, 50);
  assert.equal(last.kl.schedule, "linear");
  assert.equal(last.kl.freeBits, 0.5);
  assert.equal(last.training.epochs, 7);
  assert.equal(last.model.latentSize, 8);
  assert.equal(last.seed, 3);
  assert.equal(last.name, "trial-free-bits-latent-size-8-seed-3");
  assert.equal(last.title, "A trial: Free bits, model.latentSize 8, seed 3");
});

Deno.test("adding a seed leaves every other cell as it was, name and all", async () => {
  const before = await parse(edit(SWEEP, "[1, 2, 3]", "[1]").replace(/,\s*"exclude".*/, ""));
  const after = await parse(SWEEP);
  const byName = new Map(after.cells.map((cell) => [cell.name, cell.spec]));
  assert.equal(before.cells.length, 4);
  for (const { name, spec } of before.cells) assert.deepEqual(byName.get(name), spec);
});

Deno.test("several base specs are an axis of their own", async () => {
  const { cells } = await parse(`{
    "name": "bases", "base": ["small.json", "other.json"], "matrix": { "seed": [4] }
  }`);
  assert.deepEqual(cells.map(({ name }) => name), ["small-seed-4", "other-seed-4"]);
  assert.deepEqual(cells.map(({ spec }) => spec.model.architecture === "dense" && spec.model.encoder.units), [
    [128],
    [64],
  ]);
});

Deno.test("--set changes every cell, and nothing that the sweep varies", async () => {
  const { cells } = await parse(SWEEP, "training.epochs=1");
  assert.ok(cells.every(({ spec }) => spec.training.epochs === 1));
  assert.equal(
    await messageOf(SWEEP, "seed=4"),
    `--set seed=4: the sweep varies seed
  Next: change the list of "seed" in the sweep.`,
  );
});

const MISTAKES: [what: string, text: string, message: string][] = [
  [
    "an unknown key",
    edit(SWEEP, `"matrix"`, `"martix"`),
    `folder/sweep.json:10:3: "martix" is not a key of the sweep
  Did you mean "matrix"?
  Allowed: "$schema", "name", "title", "description", "base", "set", "cases", "matrix", "exclude".`,
  ],
  [
    "no list of values",
    edit(SWEEP, `"seed": [1, 2, 3]`, `"seed": 3`),
    `folder/sweep.json:12:13: matrix.seed must be a list that is not empty: it is 3
  The values to try.`,
  ],
  [
    "a path that leads nowhere, told once for all cells",
    edit(SWEEP, `"training.epochs": 5`, `"dataset.split.tset": { "count": 5 }`),
    `folder/sweep.json:5:12: "tset" is not a key of dataset.split
  Did you mean "test"?
  Allowed: "train", "validation", "test", "order".`,
  ],
  [
    "one value of the matrix, with the number of cells that have it",
    edit(SWEEP, `[2, 8]`, `[2, 0]`),
    `folder/sweep.json:11:29: model.latentSize must be a whole number of at least 1: it is 0
  Dimensions of z.
  In 5 cells; the first is constant-latent-size-0-seed-1.`,
  ],
  [
    "a mistake deep inside a case",
    edit(SWEEP, `{ "schedule": "constant" }`, `{ "schedule": "constant", "wieght": 2 }`),
    `folder/sweep.json:7:68: "wieght" is not a key of kl with schedule "constant"
  Did you mean "weight"?
  Allowed: "schedule", "weight", "freeBits".
  In 4 cells; the first is constant-latent-size-2-seed-1.`,
  ],
  [
    "a list position that the base does not have",
    edit(SWEEP, `"training.epochs": 5`, `"model.encoder.units[3]": 5`),
    `folder/sweep.json:5:12: model.encoder.units is a list of 1, which has no position 3
  Allowed: model.encoder.units[0], or the whole list: model.encoder.units=[...].`,
  ],
  [
    "a base that is not there",
    edit(SWEEP, `small.json`, `smal.json`),
    `folder/sweep.json:4:11: base: Cannot read the spec folder/smal.json: there is no such file`,
  ],
  [
    "a case in the matrix",
    edit(SWEEP, `"seed": [1, 2, 3]`, `"case": ["a", "b"], "seed": [1, 2, 3]`),
    `folder/sweep.json:12:5: "case" is not a key of the spec
  Cases stand beside the matrix: "cases": [{ "name": "a", "set": { "seed": 1 } }].`,
  ],
  [
    "a base that is a sweep",
    edit(SWEEP, `small.json`, `sweep.json`),
    `folder/sweep.json:4:11: sweep.json is a sweep, and a base is an experiment`,
  ],
  [
    "a value that stands twice",
    edit(SWEEP, `[1, 2, 3]`, `[1, 2, 1]`).replace(/,\s*"exclude".*/, ""),
    `folder/sweep.json:12:20: matrix.seed[2]: seed has 1 twice`,
  ],
  [
    "an exclusion of what does not differ",
    edit(SWEEP, `"seed": 3`, `"sed": 3`),
    `folder/sweep.json:14:37: The cells do not differ in "sed"
  Did you mean "seed"?
  They differ in case, model.latentSize, seed.`,
  ],
  [
    "an exclusion of a cell that does not exist",
    edit(SWEEP, `"seed": 3`, `"seed": 9`),
    `folder/sweep.json:14:45: exclude[0].seed: No cell has this seed
  There are 1, 2, 3.`,
  ],
  [
    "a name for all cells",
    edit(SWEEP, `"training.epochs": 5`, `"name": "x"`),
    `folder/sweep.json:5:12: A sweep cannot change name: that of a cell is made from what differs`,
  ],
  [
    "a path inside another",
    edit(SWEEP, `"seed": [1, 2, 3]`, `"model": [{}], "seed": [1, 2, 3]`),
    `folder/sweep.json:11:5: model.latentSize is a part of model, which the matrix sets as a whole
  Next: use cases.`,
  ],
  [
    "more cells than anybody wants",
    edit(SWEEP, `[1, 2, 3]`, `[${Array.from({ length: 3000 }, (_, i) => i)}]`),
    `folder/sweep.json:10:13: matrix: The sweep has 12,000 cells: 10,000 are allowed`,
  ],
  [
    "an experiment",
    DENSE,
    `folder/sweep.json is an experiment, not a sweep
  Next: deno task run folder/sweep.json`,
  ],
];

for (const [what, text, message] of MISTAKES) {
  Deno.test(`a sweep's mistake is told with its place: ${what}`, async () => {
    assert.equal(await messageOf(text), message);
  });
}

Deno.test("cells have distinct names that can be folders", () => {
  const value = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.array(fc.integer()),
    fc.object(),
  );
  const axis = fc.record({
    name: fc.constantFrom("case", "kl.freeBits", "model.latentSize", "seed", "training.kl.freeBits"),
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
  });
  const axes = fc.uniqueArray(axis, { selector: ({ name }) => name, maxLength: 4 });
  fc.assert(fc.property(axes, (axes) => {
    const names = cellNames(combinations(axes as Parameters<typeof combinations>[0]));
    assert.equal(names.length, axes.reduce((product, { values }) => product * values.length, 1));
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[a-z0-9][a-z0-9-]{0,63}$/);
  }));
  assert.deepEqual(cellNames([[{ axis: "case", value: { toString: [] }, index: 0 }]]), ["to-string"]);
});

Deno.test("a long name is cut and stays apart from others with the same start", () => {
  const [a, b] = [shortened("x".repeat(80) + "a", 64), shortened("x".repeat(80) + "b", 64)];
  assert.equal(a.length, 64);
  assert.notEqual(a, b);
  assert.equal(shortened("short", 64), "short");
});
