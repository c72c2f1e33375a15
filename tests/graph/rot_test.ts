import assert from "node:assert/strict";
import { UserError } from "../../pipeline/base/errors.ts";
import { examine, heal } from "../../pipeline/store/doctor.ts";
import { Store } from "../../pipeline/store/store.ts";
import { seal } from "../../pipeline/store/sealed.ts";
import { rot } from "../store/rot.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { toyDeclarations } from "./toy_project.ts";
import { outputText, planToy, runToys } from "./toy_store.ts";

/** `deno task torture` asks for ten times as many. */
const ROTS = Number(Deno.env.get("ROTS") ?? 10);

Deno.test("a stage that runs finds an input that rotted below the memo, and the next run makes it anew", async () => {
  await using folder = await temporaryFolder();
  const straight = await runToys(folder.path, [{}]);
  const { digest } = straight.results.get("make")!.record.outputs["numbers.txt"]!;
  for (let at = 0; at < ROTS; at++) {
    rot(folder.path, digest, at);
    assert.deepEqual(await planToy(folder.path, {}), ["make: cached", "sum: cached", "draw: cached"]);
    const modulus = 2000 + at;
    const error = await runToys(folder.path, [{ modulus }]).catch((error) => error);
    assert(error instanceof UserError);
    assert.equal(error.message, "Cannot run stage sum: its input make/numbers.txt is damaged in the store");
    // What was made from it before may have been made from the damage.
    assert.match(error.notes.join(" "), /Dropped \d+ results? that may have been made from it/);

    const healed = await runToys(folder.path, [{ modulus }]);
    assert.deepEqual(healed.executed.slice(0, 2), ["make: lost", "sum: changed"]);
    assert.equal(await outputText(folder.path, healed, "sum", "sum.txt"), "15");
    const again = await runToys(folder.path, [{}]);
    assert.deepEqual(again.executed, ["sum: changed"]);
    assert.deepEqual(again.results.get("draw")!.record.outputs, straight.results.get("draw")!.record.outputs);
  }
});

Deno.test("doctor drops the records of stages that read what is damaged, and nothing behind them", async () => {
  await using folder = await temporaryFolder();
  const { results } = await runToys(folder.path, [{}]);
  rot(folder.path, results.get("make")!.record.outputs["numbers.txt"]!.digest);
  using store = await Store.openAlone(folder.path);
  const never = new AbortController().signal;
  const findings = await examine(store, () => {}, never);
  const of = (stage: string) => findings.find(({ path }) => path === `ac/${results.get(stage)!.key}.json`);
  assert.match(of("make")!.problem, /make\/numbers.txt, which it names, is missing or damaged/);
  assert.equal(of("sum")!.problem, "sum may have read make/numbers.txt when it was damaged");
  assert.equal(of("draw"), undefined);
  await heal(findings);
  assert.deepEqual(await examine(store, () => {}, never), []);
});

Deno.test("a record in the store that does not fit its stage's declaration is a miss with its reason, and made anew", async () => {
  await using folder = await temporaryFolder();
  const declarations = toyDeclarations().map((declaration) =>
    declaration.name === "sum"
      ? { ...declaration, outputs: () => ({ outputs: [{ path: "sum.txt", mostBytes: 100 }] }) }
      : declaration
  );
  const { results } = await runToys(folder.path, [{}], { declarations });
  const { record } = results.get("sum")!;
  const output = record.outputs["sum.txt"]!;
  const lies = [{ outputs: {} }, { outputs: { "sum.txt": output, more: output } }, { stage: "make" }, {
    outputs: { "sum.txt": { ...output, size: 1e12 } },
  }];
  for (const lie of lies) {
    const path = `${folder.path}/ac/${record.key}.json`;
    await Deno.writeTextFile(path, seal({ ...record, ...lie }));
    assert.equal((await planToy(folder.path, {}, { declarations }))[1], "sum: lost");
    const again = await runToys(folder.path, [{}], { declarations });
    assert.deepEqual(again.executed, ["sum: lost"]);
    assert.deepEqual(again.results.get("sum")!.record.outputs, record.outputs);
  }
});
