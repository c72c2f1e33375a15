import fc from "fast-check";
import assert from "node:assert/strict";
import { formatUserError, UserError } from "../../pipeline/base/errors.ts";
import { readJson } from "../../pipeline/spec/messages/json_text.ts";
import { parseExperiment } from "../../pipeline/spec/load.ts";
import { CONV, DENSE, edit, messageOf } from "./helpers.ts";
import { anyText } from "../support/any_text.ts";

/** A spec that is valid in itself, or a clear error; any other exception fails the test. */
function judge(text: string, ...overrides: string[]): "accepted" | "refused" {
  try {
    const { spec } = parseExperiment(text, "s.json", overrides);
    const again = parseExperiment(JSON.stringify(spec), "again.json");
    assert.deepEqual(again.spec, spec, "a complete spec means itself");
    return "accepted";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    assert.equal(error.exitStatus, 2);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(formatUserError(error), /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/);
    for (const line of formatUserError(error).split("\n")) {
      assert.match(line, /^(s\.json:\d+:\d+: \S|--set | {2}\S|\.\.\. and \d+ more$)/);
      assert.ok(line.length < 1000, line);
    }
    return "refused";
  }
}

const SPECS = [DENSE, CONV].map((text) => JSON.parse(text));
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1,
    1.5,
    2,
    7,
    28,
    1e9,
    1e300,
    "",
    "relu",
    "valid",
    "linear",
    "adam",
    [],
    {},
  ),
  fc.constantFrom<unknown>({ count: 10 }, { perClass: 5 }, { schedule: "cyclical", end: 2 }, {
    family: "gaussian",
  }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Every path of a value, lists and objects among them. */
function paths(value: unknown): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[]];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    [],
    ...keys.flatMap((key) =>
      paths((value as Record<string | number, unknown>)[key]).map((rest) => [key, ...rest])
    ),
  ];
}

// deno-lint-ignore no-explicit-any
type Loose = any;

const mutated = fc.record({
  spec: fc.constantFrom(...SPECS),
  changes: fc.array(
    fc.record({
      at: fc.nat(),
      kind: fc.constantFrom("replace", "remove", "add", "rename"),
      key: fc.oneof(
        fc.constantFrom(
          "__proto__",
          "constructor",
          "stride",
          "padding",
          "freeBits",
          "offset",
          "end",
          "schedule",
        ),
        fc.string(),
      ),
      value: anything,
    }),
    { minLength: 1, maxLength: 3 },
  ),
}).map(({ spec, changes }) => {
  const root: Loose = { spec: structuredClone(spec) };
  for (const { at, kind, key, value: shared } of changes) {
    const value = structuredClone(shared);
    const all = paths(root.spec).map((path) => ["spec", ...path]);
    const path = all[at % all.length]!;
    const parent = path.slice(0, -1).reduce((inside: Loose, part) => inside[part], root);
    const last = path.at(-1)!;
    const define = (object: object, name: string | number, value: unknown) =>
      Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
    if (kind === "replace") define(parent, last, value);
    else if (kind === "remove" && path.length > 1) delete parent[last];
    else if (kind === "add" && typeof parent[last] === "object" && parent[last] !== null) {
      define(parent[last], Array.isArray(parent[last]) ? parent[last].length : key, value);
    } else if (kind === "rename" && path.length > 1 && !Array.isArray(parent)) {
      define(parent, key, parent[last]);
    }
  }
  return JSON.stringify(root.spec) ?? "null";
});

Deno.test("2,000 mutated specs give a valid spec or a clear error", () => {
  const seen = { accepted: 0, refused: 0 };
  fc.assert(fc.property(mutated, (text) => void seen[judge(text)]++), { numRuns: 2000, seed: 1 });
  assert.ok(seen.accepted > 50 && seen.refused > 500, JSON.stringify(seen));
});

Deno.test("1,000 mutated overrides give a valid spec or a clear error", () => {
  const names = SPECS.flatMap((spec) => paths(spec).map((path) => path.join(".")));
  const override = fc.oneof(
    fc.tuple(
      fc.constantFrom(...names, "kl.schedule", "model.architecture", "dataset.split.train.perClass"),
      anything,
    )
      .map(([path, value]) => `${path}=${JSON.stringify(value)}`),
    fc.tuple(
      fc.constantFrom("kl.schedule", "model.architecture"),
      fc.constantFrom("linear", "cosine", "lstm", "conv"),
    )
      .map(([path, value]) => `${path}=${value}`),
    fc.string(),
  );
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.constantFrom(DENSE, CONV),
      fc.array(override, { minLength: 1, maxLength: 3 }),
      (text, overrides) => void seen[judge(text, ...overrides)]++,
    ),
    { numRuns: 1000, seed: 1 },
  );
  assert.ok(seen.accepted > 20 && seen.refused > 300, JSON.stringify(seen));
});

Deno.test("2,000 damaged texts give a valid spec or a clear error", () => {
  const damage = fc.record({
    at: fc.nat(DENSE.length),
    cut: fc.nat(5),
    insert: fc.oneof(
      anyText(),
      fc.constantFrom("{", "}", "[", ",", '"', "\0", "\\ud800", "1e999"),
    ),
  });
  fc.assert(
    fc.property(
      damage,
      ({ at, cut, insert }) => void judge(DENSE.slice(0, at) + insert + DENSE.slice(at + cut)),
    ),
    { numRuns: 2000, seed: 1 },
  );
});

Deno.test("the reader takes what JSON.parse takes, and gives the same value", () => {
  const text = fc.oneof(
    fc.json(),
    fc.tuple(fc.json(), fc.nat(200), fc.string({ maxLength: 2 })).map(([json, at, insert]) =>
      json.slice(0, at) + insert + json.slice(at)
    ),
  );
  fc.assert(
    fc.property(text, (text) => {
      let value: unknown;
      try {
        value = readJson(text, "s.json").value;
      } catch (error) {
        assert.ok(error instanceof UserError);
        // Stricter in three ways, each tested by itself.
        if (/second time|surrogate|too large/.test(error.message)) return;
        assert.throws(() => JSON.parse(text), text);
        return;
      }
      assert.deepEqual(value, JSON.parse(text));
    }),
    { numRuns: 2000, seed: 1 },
  );
});

Deno.test("deep nesting, wide objects and long texts are refused at once", () => {
  assert.equal(
    messageOf("[".repeat(500_000)),
    "s.json:1:65: Objects and lists are nested too deeply: 64 levels are allowed",
  );
  assert.match(messageOf(`{"a":`.repeat(65)), /nested too deeply/);
  const keys = Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join(",");
  assert.match(
    messageOf(edit(DENSE, `"epochs": 3,`, `"epochs": 3, ${keys},`)),
    /"k0" is not a key of training/,
  );
  const units = new Array(200_000).fill(1).join(",");
  assert.match(
    messageOf(edit(DENSE, "[128]", `[${units}]`)),
    /units must be a list of at most 32 values: it is a list of 200000/,
  );
  const long = "x".repeat(900_000);
  assert.match(messageOf(edit(DENSE, `"small"`, `"${long}"`)), /^s\.json:2:11: name must be .{1,200}\n/);
  assert.match(messageOf(edit(DENSE, `"epochs"`, `"${long}"`)), /^s\.json:18:5: "x{56}\.\.\." is not a key/);
});

Deno.test("NUL bytes, control characters, lone surrogates and prototype keys are refused", () => {
  assert.match(
    messageOf(edit(DENSE, "3,", "\0 3,")),
    /^s\.json:18:15: Invalid JSON: unexpected character U\+0000/,
  );
  assert.match(
    messageOf(edit(DENSE, "small", "sm\0all")),
    /^s\.json:2:11: Invalid JSON: a control character/,
  );
  assert.match(messageOf(edit(DENSE, "small", "sm\nall")), /^s\.json:2:\d+: Invalid JSON/);
  assert.match(
    messageOf(edit(DENSE, `"small",`, `"small", "title": "\\ud800",`)),
    /half of a surrogate pair/,
  );
  assert.match(messageOf(edit(DENSE, "3,", "1e999,")), /^s\.json:18:15: The number is too large/);
  for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const text = edit(DENSE, `"epochs": 3`, `"epochs": 3, "${key}": { "batchSize": 1 }`);
    assert.match(messageOf(text), new RegExp(`^s\\.json:18:18: "${key}" is not a key of training`));
  }
});

Deno.test("a value of a union that is named like a property of every object is refused", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    assert.match(messageOf(DENSE, `kl.schedule=${name}`), /kl\.schedule must be one of/);
    assert.match(messageOf(DENSE, `dataset.name=${name}`), /dataset\.name must be one of .*"mnist", /);
  }
});
