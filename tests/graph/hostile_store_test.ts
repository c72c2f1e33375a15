import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../pipeline/base/errors.ts";
import { Planner } from "../../pipeline/graph/plan.ts";
import { seal } from "../../pipeline/store/sealed.ts";
import { Store } from "../../pipeline/store/store.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { ROOT, TOY, toyDeclarations } from "./toy_project.ts";
import { planToy, runToys } from "./toy_store.ts";

const STAGES = ["make", "sum", "draw"];
const KEPT = ["history/toy.jsonl", "digests.json", "analyses.json"];

/** What a plan may say of a store in which nothing but what is merely remembered was damaged. */
async function planStaysRight(folder: string): Promise<void> {
  assert.deepEqual(await planToy(folder, {}), STAGES.map((stage) => `${stage}: cached`));
  const changed = await planToy(folder, { count: 6 });
  assert.match(changed.join(), /^make: (changed|never-ran|lost),sum: upstream,draw: upstream$/);
}

Deno.test("of 100 damages to history, digests and analyses none changes what a plan finds cached", async () => {
  await using folder = await temporaryFolder();
  await runToys(folder.path, [{}]);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...KEPT),
      fc.nat(),
      fc.uint8Array({ minLength: 1, maxLength: 9 }),
      fc.boolean(),
      async (name, at, bytes, cut) => {
        const path = `${folder.path}/${name}`;
        const before = Deno.readFileSync(path);
        const i = at % before.length;
        const rest = cut ? [] : before.subarray(i + bytes.length);
        Deno.writeFileSync(path, new Uint8Array([...before.subarray(0, i), ...bytes, ...rest]));
        await planStaysRight(folder.path);
        Deno.writeFileSync(path, before);
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("200 well-sealed absurdities in place of history, digests and analyses crash nothing", async () => {
  await using folder = await temporaryFolder();
  await runToys(folder.path, [{}]);
  const entry = fc.record({
    experiment: fc.jsonValue(),
    stage: fc.constantFrom("make", "sum", "draw"),
    key: fc.oneof(fc.jsonValue(), fc.constantFrom("../../x", "")),
    outcome: fc.jsonValue(),
    time: fc.jsonValue(),
  }, { requiredKeys: ["stage"] });
  const value = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), entry);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...KEPT), value, async (name, absurd) => {
      const path = `${folder.path}/${name}`;
      const before = Deno.readFileSync(path);
      let text: string;
      try {
        text = seal(absurd);
      } catch {
        return; // no JSON
      }
      Deno.writeTextFileSync(path, text);
      await planStaysRight(folder.path);
      Deno.writeFileSync(path, before);
    }),
    { numRuns: 200 },
  );
});

Deno.test("of 500 absurd manifests each gives reasons or none, never a crash", async () => {
  await using folder = await temporaryFolder();
  const { results } = await runToys(folder.path, [{}]);
  using store = await Store.open(folder.path);
  const planner = new Planner(toyDeclarations(), store, ROOT);
  const { key } = results.get("sum")!;
  const manifest = fc.oneof(
    fc.jsonValue(),
    fc.record({ stage: fc.jsonValue(), slice: fc.jsonValue(), inputs: fc.jsonValue(), code: fc.jsonValue() }),
    fc.record({
      slice: fc.jsonValue(),
      inputs: fc.constant({}),
      code: fc.constantFrom("../../etc/passwd", "..", ""),
    }),
  );
  await fc.assert(
    fc.asyncProperty(manifest, fc.jsonValue(), async (absurd, code) => {
      let other: string;
      try {
        const codeDigest = store.putJson(code);
        const isWhole = typeof absurd === "object" && absurd !== null && !Array.isArray(absurd);
        other = store.putJson(
          isWhole && Math.abs(codeDigest.charCodeAt(0)) % 2 ? { ...absurd, code: codeDigest } : absurd,
        );
      } catch (error) {
        assert(error instanceof TypeError); // a lone surrogate: no JSON
        return;
      }
      for (const pair of [[other, key], [key, other], [other, other]] as const) {
        for (const { name } of planner.between(...pair)) assert.equal(typeof name, "string");
      }
      await store.history.add({ experiment: TOY.name, stage: "sum", key: other, outcome: "ran", time: "" });
    }),
    { numRuns: 500 },
  );
});

Deno.test("a stage cannot pass off a link as its output", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  for (const target of ["/etc/passwd", "../../../../../etc/passwd", "nowhere"]) {
    const place = store.openWorkplace("k");
    Deno.symlinkSync(target, `${place.output}/data.txt`);
    await assert.rejects(store.collect("k"), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, /data.txt: it is neither a file nor a folder/);
      return true;
    });
    assert.deepEqual([...Deno.readDirSync(`${folder.path}/cas`)], []);
  }
  for (const name of ["a\\b", "a\nb", "\x1b[31m"]) {
    const place = store.openWorkplace("k");
    Deno.writeTextFileSync(`${place.output}/${name}`, "x");
    await assert.rejects(store.collect("k"), /other systems cannot write this name/);
  }
});
