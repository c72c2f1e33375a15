import assert from "node:assert/strict";
import { formatUserError, UserError } from "../../../../pipeline/base/errors.ts";
import type { Json } from "../../../../pipeline/base/json.ts";
import type { Cluster } from "../../../../pipeline/graph/executors/slurm/cluster.ts";
import { Controller } from "../../../../pipeline/graph/executors/slurm/controller.ts";
import { Mailbox } from "../../../../pipeline/graph/executors/slurm/handover.ts";
import { Store } from "../../../../pipeline/store/store.ts";
import { entriesOf, isPresent } from "../../../../pipeline/store/disk.ts";
import { NGINX, startNginx } from "../../../store/nginx.ts";
import { temporaryFolder } from "../../../store/temporary.ts";
import {
  NO_SLURM,
  onSlurm,
  sharedSlurm,
  type SlurmCluster,
  slurmExecutor,
  TEST_CLUSTER,
} from "../../../support/slurm.ts";
import { ROOT, TOY } from "../../toy_project.ts";
import { outputText, runToys } from "../../toy_store.ts";
import { jobOf, observer } from "../job.ts";

Deno.test.afterAll(() => sharedSlurm[Symbol.asyncDispose]());

/** Digests of all outputs, by stage. */
function digests({ results }: Awaited<ReturnType<typeof runToys>>) {
  return Object.fromEntries([...results].map(([stage, { record }]) => [stage, record.outputs]));
}

Deno.test({
  ...onSlurm(
    "stages that ask for the same go as one array, each on a node, and end in the bytes of this machine",
  ),
  async fn() {
    await using here = await temporaryFolder();
    await using there = await temporaryFolder();
    // Letters that a shell, or Slurm in the name of a file, would take for its own.
    const place = `${there.path}/it's 100%A $HOME`;
    const { env } = await sharedSlurm.cluster();
    const specs = [1, 2, 3, 4].map((count) => ({ ...TOY, name: `toy-${count}`, count }));
    const controller = new Controller(env);
    const cluster = { ...TEST_CLUSTER, array: { size: 3 } };
    const executor = (store: Store) => slurmExecutor(store, controller, { cluster });
    const remote = await runToys(place, specs, { executor });
    const local = await runToys(here.path, specs);
    assert.deepEqual(digests(remote), digests(local));
    assert.equal(await outputText(place, remote, "draw", "index.html"), "==Sum: 3\n"); // 3 times 1
    // Three stages of four jobs each, three at most in one array.
    assert.equal(controller.calls.sbatch, 6);
    for (const { record } of remote.results.values()) assert.match(String(record.machine.node), /^n[123]$/);
    assert.deepEqual([...Deno.readDirSync(`${place}/work`)], []);
    assert.deepEqual([...Deno.readDirSync(`${place}/logs`)], []);
  },
});

/** The command line over the toy stages. */
const TOY_MAIN = new URL("../../../commands/toy_main.ts", import.meta.url).pathname;

const SLOW = { ...TOY, name: "slow", count: 60, milliseconds: 100 };
/** 3 (1 + ... + 60), modulo 1000 before it is trebled. */
const SLOW_PAGE = "==Sum: 2490\n";

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What the command line is put behind. */
  readonly within?: readonly string[];
  /** Gives it a terminal, whose keys are its stdin. */
  readonly onTerminal?: boolean;
}

/** The command line over the toy stages, in a process group of its own. */
async function startRun(
  folder: string,
  args: readonly string[] = [],
  more: RunOptions = {},
): Promise<Deno.ChildProcess> {
  const { env } = await sharedSlurm.cluster();
  await Deno.writeTextFile(`${folder}/slow.json`, JSON.stringify(SLOW));
  const command = [
    ...more.within ?? [],
    Deno.execPath(),
    "run",
    "-A",
    `--config=${ROOT}/deno.json`,
    TOY_MAIN,
    "run",
    "slow.json",
    "--executor=slurm",
    "--artifacts=artifacts",
    "--reports=reports",
    ...args,
  ];
  const [program, ...words] = more.onTerminal ? ["script", "-qec", command.join(" "), "/dev/null"] : command;
  return new Deno.Command(program!, {
    args: words,
    cwd: folder,
    env: { ...env, ...more.env },
    detached: true,
    stdin: more.onTerminal ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function end(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Jobs of a stage that the cluster knows of, in any state, as `id state`. @param about a node that was asked for, or a batch */
async function jobsOf(stage: string, about?: string): Promise<string[]> {
  const { command } = await sharedSlurm.cluster();
  const said = await command(
    "squeue",
    "--noheader",
    "--array",
    "--states=all",
    `--name=reparam-${stage}`,
    "--format=%i %T %n %k",
  );
  return said.split("\n").filter((line) => line !== "" && (about === undefined || line.includes(about)))
    .map((line) => line.split(" ").slice(0, 2).join(" "));
}

/** Waits for something to be so. */
async function until<T>(
  what: string,
  find: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`It did not come to pass within 30 s: ${what}`);
}

/** Until the stage `sum` of the slow toy is at work and has a checkpoint. @returns the id of its job */
async function sumAtWork(folder: string, before: readonly string[], about?: string): Promise<string> {
  const work = `${folder}/artifacts/work`;
  await until(
    "a checkpoint",
    () => entriesOf(work).some((id) => isPresent(`${work}/${id}/scratch/checkpoint.json`)),
  );
  const jobs = await jobsOf("sum", about);
  const running = jobs.filter((job) => !before.includes(job) && job.endsWith("RUNNING"));
  assert.equal(running.length, 1, running.join());
  return running[0]!.split(" ")[0]!;
}

Deno.test({
  ...onSlurm(
    "a runner is killed twice: its job goes on, is taken up at work and when it is done, and none is submitted twice",
  ),
  async fn() {
    await using folder = await temporaryFolder();
    const before = await jobsOf("sum");
    const first = await startRun(folder.path);
    const job = await sumAtWork(folder.path, before);
    Deno.kill(-first.pid, "SIGKILL");
    await first.output();

    const second = await startRun(folder.path, ["--json"]);
    const lines = second.stdout.pipeThrough(new TextDecoderStream()).getReader();
    for (let said = ""; !/"stage":"sum".*numbers/.test(said);) {
      const { value, done } = await lines.read();
      assert.ok(!done, `no progress is told: ${said}`);
      said += value;
    }
    Deno.kill(-second.pid, "SIGKILL");
    await Promise.all([second.status, lines.cancel(), second.stderr.cancel()]);

    await until("the job is done", async () => (await jobsOf("sum")).includes(`${job} COMPLETED`));
    const { code, stderr } = await end(await startRun(folder.path));
    assert.equal(code, 0, stderr);
    assert.equal(await Deno.readTextFile(`${folder.path}/reports/slow/index.html`), SLOW_PAGE);
    const jobs = await jobsOf("sum");
    assert.deepEqual(jobs.filter((id) => !before.includes(id)), [`${job} COMPLETED`]);
    assert.deepEqual([...Deno.readDirSync(`${folder.path}/artifacts/work`)], []);
  },
});

Deno.test({
  ...onSlurm(
    "--detach hands over what is ready and leaves; again, it takes results up and goes on; nothing is submitted twice",
  ),
  async fn() {
    await using folder = await temporaryFolder();
    const report = `${folder.path}/reports/slow/index.html`;
    const stages = ["make", "sum", "draw"];
    const before = (await Promise.all(stages.map((stage) => jobsOf(stage)))).flat();
    for (let turn = 0; !isPresent(report); turn++) {
      const { code, stdout, stderr } = await end(await startRun(folder.path, ["--detach"]));
      assert.equal(code, 0, stderr);
      if (!isPresent(report)) assert.match(stdout, /handed over and are not waited for\. The same command/);
      assert.ok(turn < 100, "it gets nowhere");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.equal(await Deno.readTextFile(report), SLOW_PAGE);
    const jobs = (await Promise.all(stages.map((stage) => jobsOf(stage)))).flat();
    assert.equal(jobs.length - before.length, 3, jobs.join());
  },
});

for (const [answer, outcome] of Object.entries({ g: "go on", c: "are cancelled" })) {
  Deno.test({
    ...onSlurm(`Ctrl-C asks what is to become of jobs: with "${answer}" they ${outcome}`),
    async fn() {
      await using folder = await temporaryFolder();
      const before = await jobsOf("sum");
      const run = await startRun(folder.path, ["--set", "milliseconds=300"], {
        onTerminal: true,
      });
      const job = await sumAtWork(folder.path, before);
      const keys = run.stdin.getWriter();
      const press = (text: string) => keys.write(new TextEncoder().encode(text));
      await press("\x03");
      let said = "";
      let isAsked = false;
      for await (const text of run.stdout.pipeThrough(new TextDecoderStream())) {
        said += text;
        if (isAsked || !said.includes("let them go on, or cancel them?")) continue;
        isAsked = true;
        await press(`${answer}\r`);
      }
      await keys.close();
      const { code } = await run.status;
      assert.equal(code, 130, said);
      const expected = answer === "c" ? "CANCELLED" : "RUNNING";
      assert.ok((await jobsOf("sum")).includes(`${job} ${expected}`), (await jobsOf("sum")).join());
      assert.match(said, answer === "c" ? /checkpoints are kept/ : /1 job of Slurm goes on/);
    },
  });
}

/** What stops a job on a node. */
const DISTURBANCES: Record<string, (cluster: SlurmCluster, job: string, node: string) => Promise<void>> = {
  "is told that its time is nearly over": async ({ command }, job) => {
    await command("scancel", "--signal=USR1", "--batch", job);
  },
  "gives way to a job of a better partition": async ({ command }, _, node) => {
    const wanted = [`--nodelist=${node}`, "--cpus-per-task=2"];
    await command("sbatch", "--partition=urgent", ...wanted, "--output=/dev/null", "--wrap=sleep 1");
  },
  "loses its node": async ({ killNode, startNode }, _, node) => {
    await killNode(node);
    await startNode(node);
  },
};

Deno.test({
  ...onSlurm(
    `a job that ${
      Object.keys(DISTURBANCES).join(", or ")
    }, goes back into the queue, goes on from its checkpoint, and ends in the same bytes`,
  ),
  async fn() {
    const cluster = await sharedSlurm.cluster();
    // Side by side, each on a node of its own: most of it is waiting for Slurm to find out.
    await Promise.all(
      Object.entries(DISTURBANCES).map(async ([what, disturb], i) => {
        await using folder = await temporaryFolder();
        const node = `n${i + 1}`;
        await Deno.writeTextFile(
          `${folder.path}/cluster.json`,
          JSON.stringify({ directives: [`--nodelist=${node}`] }),
        );
        const before = await jobsOf("sum", node);
        const run = await startRun(folder.path, ["--set", "milliseconds=200"]);
        const job = await sumAtWork(folder.path, before, node);
        await disturb(cluster, job, node);
        const { code, stderr } = await end(run);
        assert.equal(code, 0, `${what}: ${stderr}`);
        assert.match(stderr, /sum +note: resumed after \d+ of 60/, what);
        assert.equal(await Deno.readTextFile(`${folder.path}/reports/slow/index.html`), SLOW_PAGE, what);
        const after = (await jobsOf("sum", node)).filter((id) => !before.includes(id));
        // A node that comes back on a busy machine may lose the job again before it runs: that fails it for Slurm, and it
        // is submitted once more.
        const last = /sum +note: .*without a word.*It is submitted again\./.test(stderr)
          ? after.splice(0, 1)
          : [];
        if (last.length > 0) assert.deepEqual([what, last], ["loses its node", [`${job} FAILED`]]);
        else assert.equal(after[0], `${job} COMPLETED`, what);
        assert.deepEqual(after.map((line) => line.split(" ")[1]), ["COMPLETED"], what);
      }),
    );
  },
});

Deno.test({
  ...onSlurm("the paper's runs go to nodes, and verify executes all stages there once more"),
  async fn() {
    await using folder = await temporaryFolder();
    const { env } = await sharedSlurm.cluster();
    await Deno.writeTextFile(
      `${folder.path}/images.json`,
      '{ "name": "images", "matrix": { "count": [5, 6] } }',
    );
    await Deno.writeTextFile(`${folder.path}/music.json`, '{ "name": "music", "count": 4 }');
    const stages = ["make", "sum", "draw"];
    const jobs = async () => (await Promise.all(stages.map((stage) => jobsOf(stage)))).flat();
    const before = await jobs();
    const run = async (...args: string[]) => {
      const places = ["--executor=slurm", "--artifacts=artifacts", "--reports=reports"];
      const program = ["run", "-A", `--config=${ROOT}/deno.json`, TOY_MAIN, ...args, ...places];
      const options = { cwd: folder.path, env, stdout: "piped", stderr: "piped", stdin: "null" } as const;
      const { code, stdout, stderr } = await end(
        new Deno.Command(Deno.execPath(), { args: program, ...options }).spawn(),
      );
      assert.equal(code, 0, stderr);
      return stdout;
    };
    assert.match(await run("paper"), /3 runs, 9 stages executed/);
    const page = await Deno.readTextFile(`${folder.path}/reports/paper/index.html`);
    assert.match(page, /^images 5: ==Sum: 45 .*\nimages 6: ==Sum: 63 .*\nmusic : ==Sum: 30 /);
    assert.equal((await jobs()).length - before.length, 9);
    assert.match(await run("verify", "music.json"), /Every stage made the same bytes again\./);
    assert.equal((await jobs()).length - before.length, 12);
  },
});

let lastJob: Promise<unknown> = Promise.resolve();

/** A file system of so many megabytes at a folder, until it is disposed of. */
function smallDisk(folder: string, megabytes: number): Disposable {
  const mount = (program: string, ...args: string[]) => {
    const { success, stderr } = new Deno.Command(program, { args }).outputSync();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  mount("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "none", folder);
  return { [Symbol.dispose]: () => mount("umount", "--lazy", folder) };
}

/** How a job fails, in words. @param meanwhile is given the job's id in Slurm once it runs */
async function failureOf(
  stage: string,
  slice: Json,
  cluster: Partial<Cluster>,
  meanwhile?: (job: string) => Promise<unknown>,
  megabytes = 0,
): Promise<string> {
  const { env } = await sharedSlurm.cluster();
  await using folder = await temporaryFolder();
  using _disk = megabytes > 0 ? smallDisk(folder.path, megabytes) : undefined;
  using store = await Store.open(folder.path);
  // What analyses code is one for a process, and is stopped when it is done.
  const making = lastJob.then(() => jobOf(store, stage, slice));
  lastJob = making;
  const job = await making;
  const executor = slurmExecutor(store, new Controller(env), { cluster: { ...TEST_CLUSTER, ...cluster } });
  const failing = executor.execute(job, observer(), new AbortController().signal).then(
    () => "it did not fail",
    (error) => error instanceof UserError ? formatUserError(error) : String(error),
  );
  if (meanwhile) {
    const { batch } = await until("it is handed over", () => new Mailbox(store, job.id).handover);
    const running = await until(
      "it runs",
      async () => (await jobsOf(stage, batch)).find((line) => line.endsWith("RUNNING")),
    );
    await until("it tells of itself", () => new Mailbox(store, job.id).status?.progress);
    await meanwhile(running.split(" ")[0]!);
  }
  const words = await failing;
  // Nothing is left but what another attempt may go on from.
  assert.deepEqual(entriesOf(`${folder.path}/work/${job.id}`), []);
  return words;
}

Deno.test({
  ...onSlurm(
    "what is wrong with a cluster's file, a node or a job is told by name, in Slurm's words, with what to change",
  ),
  async fn() {
    const { command } = await sharedSlurm.cluster();
    const place = ([key]: readonly string[]) => ({
      file: "cluster.json",
      line: key === "partition" ? 3 : 1,
      column: 5,
    });
    const make = { count: 2 };
    const linger = { seconds: 60 };
    const [partition, cores, project, noDeno, wrongDeno, cancelled, outOfTime, timeout, memory, full] =
      await Promise.all([
        failureOf("make", make, { request: { partition: "mian" }, place }),
        failureOf("make", make, { request: { cores: 64 } }),
        failureOf("make", make, { project: "/nowhere/reparam" }),
        failureOf("make", make, { deno: "/nowhere/deno", prologue: ["PATH=/usr/bin:/bin"] }),
        failureOf("make", make, { deno: "wrong", prologue: ["wrong() { echo deno 1.0.0; }"] }),
        failureOf("linger", linger, {}, (job) => command("scancel", job)),
        failureOf(
          "linger",
          { seconds: 61 },
          { request: { time: "5" } },
          (job) => command("scancel", "--signal=USR1", "--batch", job),
        ),
        // Slurm counts in minutes, and has no patience with a job whose end is now.
        failureOf(
          "linger",
          { seconds: 62 },
          { request: { time: "1" } },
          // Within the second in which a job began, Slurm takes no end.
          (job) =>
            until(
              "its end is set",
              () =>
                command("scontrol", "update", `JobId=${job}`, "EndTime=now").then(() => true, () => false),
            ),
        ),
        failureOf("hoard", { memory: 600, file: 0 }, { request: { memory: "400M" } }),
        failureOf("hoard", { memory: 0, file: 20 }, { request: { memory: "1G" } }, undefined, 8),
      ]);
    assert.match(
      partition!,
      /^cluster.json:3:5: Cannot submit stage make to Slurm: sbatch refuses it\n.*invalid partition[^]*Did you mean main\?\n {2}Partitions: main, urgent\./i,
    );
    assert.match(
      cores!,
      /could never begin, and was cancelled\n {2}Slurm says: PENDING, PartitionConfig\n {2}Next: another `cores`/,
    );
    assert.match(
      project!,
      /job \d+_0 cannot find the project on node n\d[^]*It printed: n\d: there is no \/nowhere\/reparam/,
    );
    assert.match(noDeno!, /finds no Deno [\d.]+ on node[^]*It printed: n\d: there is no Deno[^]*prologue/);
    assert.match(wrongDeno!, /finds no Deno [\d.]+ on node[^]*It printed: n\d: Deno is 1.0.0/);
    assert.match(cancelled!, /was cancelled[^]*scancel/);
    assert.match(
      timeout!,
      /ran into its time limit of 1 on node n\d\n {2}Slurm says: TIMEOUT, TimeLimit\n.*DUE TO TIME LIMIT[^]*more as stages\.linger\.time/,
    );
    assert.match(
      memory!,
      /took more memory than it asked for on node[^]*memory limit[^]*It asked for 400M\. Next: more as stages\.hoard\.memory/,
    );
    assert.match(full!, /found the file system of the store full on node n\d[^]*Free some space/);
    assert.match(outOfTime!, /ran into its time limit of 5 on node[^]*no checkpoint to go on from/);
  },
});

Deno.test({
  ...onSlurm("a controller that is down is asked again; a job that it forgets is submitted again"),
  async fn() {
    const { env, stopController, startController } = await sharedSlurm.cluster();
    await using folder = await temporaryFolder();
    using store = await Store.open(folder.path);
    // Longer than the controller takes to stop on a machine that is busy.
    const job = await jobOf(store, "linger", { seconds: 8 });
    const notices: string[] = [];
    const executor = slurmExecutor(store, new Controller(env), {
      onNotice: (text) => void notices.push(text),
      silenceMs: 500,
    });
    const seen = observer();
    await stopController();
    const running = executor.execute(job, seen, new AbortController().signal);
    await until("it is said", () => notices.length > 0);
    await startController();
    await until("it runs", () => seen.told.includes("start"));
    const [id] = (await jobsOf("linger")).filter((line) => line.endsWith("RUNNING")).map((line) =>
      line.split(" ")[0]!
    );
    // Gone without a trace, as where a controller loses what it has just been told.
    await stopController();
    await startController("-c");
    await running;
    assert.match(notices[0]!, /^The Slurm controller does not answer .*Jobs go on/);
    assert.equal(notices[1], "The Slurm controller answers again.");
    assert.ok(
      seen.told.some((text) => /vanished.*submitted again/.test(text)),
      `${id}: ${seen.told.join("; ")}`,
    );
    assert.equal((await store.collect(job.id))["done.txt"]!.size, 4);
  },
});

const { ignore: noSlurm } = onSlurm("");

Deno.test({
  name:
    `nodes that see nothing of the store take jobs from the remote cache, give results to it, and go on from checkpoints${
      noSlurm || NGINX ? "" : " (ignored: nginx is not installed; Debian: nginx-light)"
    }${noSlurm ? ` (ignored: ${NO_SLURM})` : ""}`,
  ignore: noSlurm || NGINX === undefined,
  async fn() {
    await using folder = await temporaryFolder();
    const { command } = await sharedSlurm.cluster();
    await using server = await startNginx({ folder: `${folder.path}/nginx`, user: "me", password: "secret" });
    Deno.mkdirSync(`${folder.path}/artifacts`);
    Deno.writeTextFileSync(
      `${folder.path}/cluster.json`,
      JSON.stringify({ shared: false, nodeFolder: `${folder.path}/node`, project: ROOT }),
    );
    const before = await jobsOf("sum");
    const run = await startRun(folder.path, [`--remote=${server.url.href}`], {
      env: { REPARAM_REMOTE_USER: "me", REPARAM_REMOTE_PASSWORD: "secret" },
      // The runner alone sees what is in its store.
      within: [
        "unshare",
        "--mount",
        "sh",
        "-c",
        `mount -t tmpfs none ${folder.path}/artifacts && exec "$0" "$@"`,
      ],
    });
    const job = await until("sum is at work", async () => {
      const [id] = (await jobsOf("sum")).filter((job) => !before.includes(job) && job.endsWith("RUNNING"));
      const works = entriesOf(`${folder.path}/node/work`);
      const isFar = works.some((id) => isPresent(`${folder.path}/node/work/${id}/scratch/checkpoint.json`));
      return isFar && id?.split(" ")[0];
    });
    await command("scancel", "--signal=USR1", "--batch", job);
    await until("it is back in the queue", async () => !(await jobsOf("sum")).includes(`${job} RUNNING`));
    // Whatever node goes on with it.
    Deno.removeSync(`${folder.path}/node`, { recursive: true });
    const { code, stderr } = await end(run);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /sum +note: resumed after \d+ of 60[^]*sum +\d+ % .*numbers/);
    assert.equal(await Deno.readTextFile(`${folder.path}/reports/slow/index.html`), SLOW_PAGE);
    assert.deepEqual(entriesOf(`${folder.path}/artifacts`), [], "the store of the runner could be seen");
    assert.deepEqual(entriesOf(`${folder.path}/node/work`), []);
  },
});
