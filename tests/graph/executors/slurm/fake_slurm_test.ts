import assert from "node:assert/strict";
import { temporaryFolder } from "../../../store/temporary.ts";
import { FakeSlurm } from "../../../support/fake_slurm.ts";
import { slurmExecutor } from "../../../support/slurm.ts";
import type { Json } from "../../../../pipeline/base/json.ts";
import { Mailbox } from "../../../../pipeline/graph/executors/slurm/handover.ts";
import { entriesOf } from "../../../../pipeline/store/disk.ts";
import { seal, sha256 } from "../../../../pipeline/store/sealed.ts";
import { Store } from "../../../../pipeline/store/store.ts";
import { jobOf, observer } from "../job.ts";
import { runToys } from "../../toy_store.ts";

Deno.test("a hundred cells of three stages cost Slurm an array for each stage, and a look a second", async () => {
  await using folder = await temporaryFolder();
  const specs = Array.from(
    { length: 100 },
    (_, i) => ({ name: `toy-${i}`, count: i + 1, title: `Title ${i}` }),
  );
  let slurm: FakeSlurm | undefined;
  const begin = performance.now();
  const { events } = await runToys(folder.path, specs, {
    executor: (store: Store) =>
      slurmExecutor(
        store,
        slurm = new FakeSlurm(store, ({ manifest }) => {
          const files: Record<string, string> = { make: "numbers.txt", sum: "sum.txt", draw: "index.html" };
          return {
            [files[manifest.stage]!]: JSON.stringify(manifest.slice) + JSON.stringify(manifest.inputs),
          };
        }),
      ),
  });
  assert.equal(events.filter(({ type }) => type === "finished").length, 300);
  assert.deepEqual(slurm!.arrays.reduce((sum, tasks) => sum + tasks, 0), 300);
  // Where this machine is slow, what is ready together comes in two pieces.
  assert.ok(slurm!.calls.sbatch! <= 12, `${slurm!.calls.sbatch} calls of sbatch`);
  const seconds = (performance.now() - begin) / 1000;
  assert.ok(slurm!.calls.squeue! <= seconds + 2, `${slurm!.calls.squeue} looks in ${seconds} s`);
});

Deno.test("a result whose outputs a killed runner had begun to move into the store is taken up whole", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  const job = await jobOf(store, "make", { count: 2 });
  const files = { "numbers.txt": "1\n2", "notes/readme.txt": "always the same" };
  const take = async () => {
    const slurm = new FakeSlurm(store, () => files);
    await slurmExecutor(store, slurm).execute(job, observer(), new AbortController().signal);
    return slurm.calls;
  };
  assert.equal((await take()).sbatch, 1);
  // As `Store.collect` does with each of them, one after the other.
  await store.putFile(`${store.workplace(job.id).output}/numbers.txt`);
  assert.deepEqual(await take(), {});
  assert.deepEqual(Object.keys(await store.collect(job.id)), ["notes/readme.txt", "numbers.txt"]);
  store.clear(job.id);

  // What nobody has any more is made anew.
  await take();
  Deno.removeSync(store.workplace(job.id).output, { recursive: true });
  Deno.removeSync(store.blobPath(sha256("1\n2")));
  assert.equal((await take()).sbatch, 1);
});

Deno.test("a result that names files outside of its job's folder, or is of another form, is none", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/store`);
  const job = await jobOf(store, "make", { count: 2 });
  const mailbox = new Mailbox(store, job.id);
  store.openWorkplace(job.id);
  const digest = sha256("forged");
  store.putText("forged", digest);
  const facts = { started: new Date().toISOString(), seconds: 1, machine: {}, recorded: {}, notices: [] };
  const result = { batch: "b", node: "n1", facts };
  const forged: unknown[] = [
    ...["../../../../forged", "/tmp/forged", "a/../../forged", "..", "a\0b"].map((name) => ({
      ...result,
      outputs: { [name]: digest },
    })),
    { ...result, outputs: { "numbers.txt": "../../secret" } },
    { ...result, outputs: 3 },
    { ...result, facts: { ...facts, notices: null } },
    { ...result, facts: 3 },
    null,
    "text",
  ];
  for (const value of forged) {
    Deno.writeTextFileSync(store.workplace(job.id).result, seal(value as Json));
    assert.equal(await mailbox.result("b"), undefined, JSON.stringify(value));
  }
  assert.deepEqual(entriesOf(folder.path), ["store"]);
  assert.deepEqual(entriesOf(store.workplace(job.id).output), []);
  mailbox.putResult({ ...result, outputs: { "numbers.txt": digest } });
  assert.equal((await mailbox.result("b"))?.node, "n1");
});
