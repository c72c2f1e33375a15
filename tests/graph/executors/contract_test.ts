import assert from "node:assert/strict";
import { UserError } from "../../../pipeline/base/errors.ts";
import type { Executor, Job } from "../../../pipeline/graph/executors/executor.ts";
import { Controller } from "../../../pipeline/graph/executors/slurm/controller.ts";
import { LocalExecutor } from "../../../pipeline/graph/executors/local.ts";
import { sha256 } from "../../../pipeline/store/sealed.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { temporaryFolder } from "../../store/temporary.ts";
import { onSlurm, sharedSlurm, slurmExecutor } from "../../support/slurm.ts";
import { ROOT } from "../toy_project.ts";
import { FakeExecutor } from "./fake.ts";
import { jobOf, observer } from "./job.ts";

interface Tested {
  readonly open: (store: Store) => Promise<Executor>;
  readonly ignore?: boolean;
  /** Milliseconds of each step of a stage that is to be caught at work. */
  readonly pace?: number;
}

const EXECUTORS: Readonly<Record<string, Tested>> = {
  local: { open: (store) => Promise.resolve(new LocalExecutor({ store, root: ROOT, slots: 2 })) },
  fake: { open: (store) => Promise.resolve(new FakeExecutor(store, ROOT, { slots: 2 })) },
  slurm: {
    open: async (store) => slurmExecutor(store, new Controller((await sharedSlurm.cluster()).env)),
    ignore: onSlurm("").ignore,
    pace: 100,
  },
};

Deno.test.afterAll(() => sharedSlurm[Symbol.asyncDispose]());

const never = new AbortController().signal;

for (const [executor, { open, ignore = false, pace = 10 }] of Object.entries(EXECUTORS)) {
  const { name } = ignore ? onSlurm(executor) : { name: executor };
  Deno.test({
    name: `${name}: a job ends in outputs in its workplace, and in facts of its execution`,
    ignore,
    fn: async () => {
      await using folder = await temporaryFolder();
      using store = await Store.open(folder.path);
      const job = await jobOf(store, "sum", { modulus: 100, milliseconds: 0 }, {
        "make/numbers.txt": "1\n2\n3",
      });
      const seen = observer();
      const before = Date.now();
      const execution = await (await open(store)).execute(job, seen, never);
      assert.deepEqual(await store.collect(job.id), { "sum.txt": { digest: sha256("6"), size: 1 } });
      assert.deepEqual([seen.told[0], seen.told.at(-1)], ["start", "3/3 numbers"]);
      assert.deepEqual(execution.recorded, { numbers: 3 });
      assert.deepEqual(execution.notices, []);
      assert(Object.keys(execution.machine).length > 0, "nothing is known of the machine");
      assert(execution.seconds > 0);
      assert(Math.abs(Date.parse(execution.started) - before) < 60_000, execution.started);
    },
  });

  Deno.test({
    name: `${name}: a job goes through JSON unharmed`,
    ignore,
    fn: async () => {
      await using folder = await temporaryFolder();
      using store = await Store.open(folder.path);
      const job = await jobOf(store, "make", { count: 2 });
      const sent: Job = JSON.parse(JSON.stringify(job));
      assert.deepEqual(sent, job);
      assert(!JSON.stringify(job).includes(folder.path), "it names places of this machine");
      assert(!JSON.stringify(job).includes(ROOT), "it names places of this machine");
      await (await open(store)).execute(sent, observer(), never);
      assert.equal((await store.collect(job.id))["numbers.txt"]!.digest, sha256("1\n2"));
    },
  });

  Deno.test({
    name: `${name}: what a user can mend comes through as it was thrown, and no output is left`,
    ignore,
    fn: async () => {
      await using folder = await temporaryFolder();
      using store = await Store.open(folder.path);
      const error = await (await open(store))
        .execute(await jobOf(store, "misbehave", { how: "user-error", target: "" }), observer(), never)
        .catch((error) => error);
      assert(error instanceof UserError);
      assert.deepEqual([error.message, error.notes], ["The toy is broken", ["Mend it."]]);
      assert.deepEqual([...Deno.readDirSync(`${folder.path}/work`)], []);
    },
  });

  Deno.test({
    name: `${name}: a defect of a stage is told as one, with a log`,
    ignore,
    fn: async () => {
      await using folder = await temporaryFolder();
      using store = await Store.open(folder.path);
      const error = await (await open(store))
        .execute(await jobOf(store, "misbehave", { how: "defect", target: "" }), observer(), never)
        .catch((error) => error);
      assert.equal(error.message, "Stage misbehave failed: off by one");
      assert.match(
        await Deno.readTextFile(/\S+\.log$/.exec(error.notes.join(" "))![0]),
        /RangeError: off by one/,
      );
    },
  });

  Deno.test({
    name: `${name}: an aborted job throws the reason, keeps its checkpoint, and goes on from there`,
    ignore,
    fn: async () => {
      await using folder = await temporaryFolder();
      using store = await Store.open(folder.path);
      const numbers = Array.from({ length: 40 }, (_, i) => i + 1);
      const input = { "make/numbers.txt": numbers.join("\n") };
      const slow = await jobOf(store, "sum", { modulus: 1000, milliseconds: pace }, input);
      const interruption = new AbortController();
      const reason = new UserError("Interrupted", { exitStatus: 130 });
      const error = await (await open(store))
        .execute(slow, observer(() => interruption.abort(reason)), interruption.signal)
        .catch((error) => error);
      assert.equal(error, reason);
      assert.deepEqual(
        [...Deno.readDirSync(`${folder.path}/work/${slow.id}`)].map(({ name }) => name).filter((name) =>
          name !== "lock"
        ),
        ["scratch"],
      );

      const again = observer();
      const { notices } = await (await open(store)).execute(slow, again, never);
      assert.match(notices.join(), /^resumed after \d+ of 40$/);
      assert.deepEqual(again.told.slice(0, 2), ["start", `note: ${notices}`]);
      assert.equal((await store.collect(slow.id))["sum.txt"]!.digest, sha256("820"));
    },
  });

  Deno.test({
    name: `${name}: a job that is aborted before it begins leaves nothing`,
    ignore,
    fn: async () => {
      await using folder = await temporaryFolder();
      using store = await Store.open(folder.path);
      const reason = new UserError("Interrupted", { exitStatus: 130 });
      const job = await jobOf(store, "make", { count: 2 });
      const error = await (await open(store)).execute(job, observer(), AbortSignal.abort(reason)).catch((e) =>
        e
      );
      assert.equal(error, reason);
      assert.deepEqual([...Deno.readDirSync(`${folder.path}/work`)], []);
    },
  });
}
