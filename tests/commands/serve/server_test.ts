import assert from "node:assert/strict";
import fc from "fast-check";
import { LiveLog, liveRuns } from "../../../pipeline/commands/session/live.ts";
import { type Address, addressInWords } from "../../../pipeline/commands/serve/access.ts";
import { fileBelow } from "../../../pipeline/commands/serve/files.ts";
import { handler } from "../../../pipeline/commands/serve/server.ts";
import { liveExperiments, liveOverview } from "../../../pipeline/commands/serve/state.ts";
import { temporaryFolder } from "../../store/temporary.ts";

const STAGES = [
  { name: "download", after: [] },
  { name: "train", after: ["download"] },
  { name: "report", after: ["download", "train"] },
];
const HERE: Address = { host: "127.0.0.1", port: 8000, token: undefined };

/** A folder with a report, and secrets around it. */
async function withServer(
  use: (ask: (path: string, init?: RequestInit) => Promise<Response>, folder: string) => Promise<void>,
  address = HERE,
): Promise<void> {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/reports/quick/figures`, { recursive: true });
  await Deno.mkdir(`${path}/artifacts`);
  await Deno.writeTextFile(`${path}/reports/quick/index.html`, "<p>the report</p>");
  await Deno.writeTextFile(`${path}/reports/quick/figures/a.svg`, "<svg/>");
  await Deno.writeTextFile(`${path}/reports/quick/.published.json`, "secret");
  await Deno.writeTextFile(`${path}/secret.txt`, "secret");
  await Deno.symlink(`${path}/secret.txt`, `${path}/reports/quick/link.txt`);
  const answer = handler(
    { reports: `${path}/reports`, store: `${path}/artifacts`, stages: STAGES },
    () => address,
  );
  await use((path, init) => {
    const headers = new Headers(init?.headers);
    if (!headers.has("host")) headers.set("host", `${address.host}:${address.port}`);
    return answer(new Request(`http://${address.host}:${address.port}${path}`, { ...init, headers }));
  }, path);
}

Deno.test("a report and its files are served, and nothing around them", async () => {
  await withServer(async (ask, folder) => {
    for (const path of ["/reports/quick/", "/reports/quick/index.html"]) {
      const answer = await ask(path);
      assert.equal(await answer.text(), "<p>the report</p>");
      assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      assert.match(
        answer.headers.get("content-security-policy")!,
        /^default-src 'none';.*frame-ancestors 'self'$/,
      );
    }
    const svg = await ask("/reports/quick/figures/a.svg");
    assert.equal(
      svg.headers.get("content-security-policy"),
      "sandbox; default-src 'none'",
      "a drawing runs no script",
    );
    await svg.body?.cancel();
    for (
      const path of [
        "/secret.txt",
        "/reports/../secret.txt",
        "/reports/%2e%2e/secret.txt",
        "/reports/quick/..%2f..%2fsecret.txt",
        "/reports/quick/link.txt",
        "/reports/quick/.published.json",
        "/reports/quick/figures",
        "/reports/%00",
        "/reports/%",
        "/reports/quick/%5c..%5csecret.txt",
      ]
    ) {
      const answer = await ask(path);
      assert.equal(answer.status, 404, path);
      assert(!(await answer.text()).includes("secret"), path);
    }
    await fc.assert(fc.asyncProperty(
      fc.array(
        fc.constantFrom("..", ".", "%2e%2e", "%2f", "/", "quick", "secret.txt", "link.txt", "%00", "//"),
      ),
      async (parts) => {
        const found = await fileBelow(`${folder}/reports`, parts.join("/"));
        found?.file.close();
        assert.equal(found?.type ?? "text/html; charset=utf-8", "text/html; charset=utf-8");
      },
    ));
  });
});

Deno.test("other sites, other names of the machine and other methods are refused", async () => {
  await withServer(async (ask) => {
    const status = async (headers: Record<string, string>, method = "GET") => {
      const answer = await ask("/api/reports", { headers, method });
      await answer.body?.cancel();
      return answer.status;
    };
    assert.equal(await status({}), 200);
    assert.equal(await status({ host: "localhost:8000", origin: "http://localhost:8000" }), 200);
    assert.equal(await status({ host: "rebound.example:8000" }), 403);
    assert.equal(await status({ host: "127.0.0.1:8001" }), 403);
    assert.equal(await status({ origin: "http://evil.example" }), 403);
    assert.equal(await status({ origin: "null" }), 403);
    assert.equal(await status({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }), 403);
    assert.equal(
      await status({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }),
      200,
      "a link",
    );
    for (const method of ["POST", "PUT", "DELETE"]) assert.equal(await status({}, method), 405);
  });
});

Deno.test("where others can come, each request needs the token, which a browser then keeps", async () => {
  const address = { host: "0.0.0.0", port: 8000, token: "abc123" };
  assert.equal(addressInWords(address), "http://0.0.0.0:8000/?token=abc123");
  await withServer(async (ask) => {
    for (const path of ["/", "/reports/quick/", "/?token=", "/?token=abc12", "/?token=abc1234"]) {
      const answer = await ask(path);
      assert.equal(answer.status, 401, path);
      assert.equal(answer.headers.get("set-cookie"), null);
    }
    const first = await ask("/?token=abc123", { headers: { host: "machine.example:8000" } });
    assert.equal(first.status, 200);
    assert.match(first.headers.get("set-cookie")!, /^reparam=abc123; HttpOnly; SameSite=Strict/);
    const next = await ask("/reports/quick/", { headers: { cookie: "other=1; reparam=abc123" } });
    assert.equal(await next.text(), "<p>the report</p>");
  }, address);
});

Deno.test("what a process tells is there as long as it is at work, stage by stage", async () => {
  await using folder = await temporaryFolder();
  const where = { experiment: "quick", key: "k" };
  {
    using log = new LiveLog(folder.path);
    log.tell({ ...where, stage: "download", type: "cached", from: "store" });
    log.tell({ ...where, stage: "train", type: "start", reason: { kind: "never-ran" } });
    log.tell({
      ...{ ...where, stage: "train", type: "progress", fraction: 0.25, text: "epoch 1/4" },
      ...{ secondsLeft: 60, values: { epoch: 1, loss: 200.5 } },
    });
    // The next word comes too soon to be worth a line.
    log.tell({ ...where, stage: "train", type: "progress", fraction: 0.26, text: "epoch 1/4" });
    const [run, ...others] = liveExperiments(liveRuns(folder.path), STAGES);
    assert.equal(others.length, 0);
    assert.equal(run!.pid, Deno.pid);
    assert.deepEqual(run!.stages, [
      {
        name: "download",
        after: [],
        state: "cached",
        words: "cached",
        fraction: 1,
        text: "",
        secondsLeft: null,
      },
      {
        name: "train",
        after: ["download"],
        state: "runs",
        words: "it never ran",
        fraction: 0.25,
        text: "epoch 1/4",
        secondsLeft: 60,
      },
      {
        name: "report",
        after: ["download", "train"],
        state: "waits",
        words: "",
        fraction: 0,
        text: "",
        secondsLeft: null,
      },
    ]);
    assert.deepEqual(run!.curve, [[1, 200.5]]);
    assert.equal(run!.log.length, 2);
  }
  assert.deepEqual(liveRuns(folder.path), []);
});

Deno.test("a job is queued, at work, back in the queue and failed, each in words", async () => {
  await using folder = await temporaryFolder();
  using log = new LiveLog(folder.path);
  const where = { experiment: "quick", key: "k", stage: "train" };
  const now = () => {
    const [run] = liveExperiments(liveRuns(folder.path), STAGES);
    const { state, words, fraction, text } = run!.stages.find(({ name }) => name === "train")!;
    return { state, words, fraction, text };
  };
  const queued = "job 3_0, until nodes have room for it (Resources)";
  const waits = {
    state: "queued",
    words: `waits in the cluster's queue: ${queued}`,
    fraction: 0,
    text: "",
  };
  log.tell({ ...where, type: "queued", text: queued });
  assert.deepEqual(now(), waits);
  log.tell({ ...where, type: "start", reason: { kind: "never-ran" }, on: "node n1, job 3_0" });
  log.tell({ ...where, type: "progress", fraction: 0.5, text: "epoch 2/4" });
  log.tell({ ...where, type: "notice", message: "slow" });
  const runs = {
    state: "runs",
    words: "node n1, job 3_0: it never ran",
    fraction: 0.5,
    text: "epoch 2/4",
  };
  assert.deepEqual(now(), runs);
  log.tell({ ...where, type: "queued", text: queued }); // it was preempted
  assert.deepEqual(now(), waits);
  log.tell({ ...where, type: "failed", message: "The disk is full" });
  assert.deepEqual(now(), { state: "failed", words: "The disk is full", fraction: 1, text: "" });
});

Deno.test("of many experiments those at work and those that failed are told first, the others counted", async () => {
  await using folder = await temporaryFolder();
  using log = new LiveLog(folder.path);
  const tell = (name: string, event: object) =>
    log.tell({ experiment: name, key: "k", stage: "train", ...event } as Parameters<LiveLog["tell"]>[0]);
  for (let i = 0; i < 20; i++) tell(`waits-${i}`, { type: "waiting", pid: 1, since: null });
  for (let i = 0; i < 5; i++) {
    for (const { name } of STAGES) {
      log.tell({ experiment: `done-${i}`, key: "k", stage: name, type: "cached", from: "store" });
    }
  }
  for (let i = 0; i < 4; i++) tell(`queued-${i}`, { type: "queued", text: "job 1" });
  tell("failed", { type: "failed" });
  tell("runs", { type: "start", reason: { kind: "never-ran" } });
  const { shown, others } = liveOverview(liveRuns(folder.path), STAGES);
  const names = shown.map(({ experiment }) => experiment);
  assert.deepEqual(names.slice(0, 6), ["runs", "failed", "queued-0", "queued-1", "queued-2", "queued-3"]);
  assert.equal(names.length, 12);
  assert.deepEqual(others, { waits: 14, done: 5 });
});

Deno.test("processes of two machines with one number and one store tell of themselves side by side", async () => {
  await using folder = await temporaryFolder();
  const event = { experiment: "quick", key: "k", stage: "train", type: "cached", from: "store" } as const;
  using one = new LiveLog(folder.path);
  using other = new LiveLog(folder.path);
  for (const log of [one, other]) log.tell(event);
  assert.deepEqual(liveRuns(folder.path).map(({ pid }) => pid), [Deno.pid, Deno.pid]);
});

Deno.test("lines that no process of ours writes hide themselves and nothing else", async () => {
  await using folder = await temporaryFolder();
  using log = new LiveLog(folder.path);
  log.tell({ experiment: "quick", key: "k", stage: "train", type: "cached", from: "store" });
  const where = { experiment: "other", stage: "train" };
  const strange: unknown[] = [
    null,
    3,
    [],
    { type: "start", ...where },
    { type: "progress", experiment: {}, stage: null, values: 3 },
    { type: "__proto__", ...where, at: "x" },
    { type: "finished", ...where, at: 1e99 },
  ];
  for (const [i, line] of strange.entries()) {
    await Deno.writeTextFile(`${folder.path}/live/${i}.jsonl`, JSON.stringify(line));
  }
  const seen = liveExperiments(liveRuns(folder.path), STAGES);
  assert.deepEqual(seen.filter(({ experiment }) => experiment === "quick").map(({ pid }) => pid), [Deno.pid]);
});

Deno.test("what a killed process has left is no run, and is removed", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/live`);
  const file = `${folder.path}/live/1.jsonl`;
  await Deno.writeTextFile(file, `{"type":"failed"}\n{"type":`);
  await Deno.utime(file, 1, 1);
  assert.deepEqual(liveRuns(folder.path), []);
  await assert.rejects(Deno.stat(file), Deno.errors.NotFound);
});
