import assert from "node:assert/strict";
import { UserError } from "../../pipeline/base/errors.ts";
import { type Holder, Lock } from "../../pipeline/store/lock.ts";
import { temporaryFolder } from "./temporary.ts";

const NEVER = new AbortController().signal;

Deno.test("who wants a lock that is held learns by whom and since when, and gets it next; then no file is left", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/lock`;
  const order: string[] = [];
  const first = await Lock.exclusive(path, () => assert.fail("nobody holds it"), NEVER);
  let holder: Holder | undefined;
  const second = Lock.exclusive(path, (found) => {
    holder = found;
    order.push("waiting");
  }, NEVER).then((lock) => {
    order.push("got it");
    lock[Symbol.dispose]();
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  order.push("released");
  first[Symbol.dispose]();
  await second;
  assert.deepEqual(order, ["waiting", "released", "got it"]);
  assert.equal(holder?.pid, Deno.pid);
  assert(Math.abs(Date.parse(holder!.since) - Date.now()) < 60_000);
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
});

Deno.test("of many who want one lock at once, each has it alone", async () => {
  await using folder = await temporaryFolder();
  let inside = 0;
  let most = 0;
  await Promise.all(Array.from({ length: 20 }, async () => {
    using _lock = await Lock.exclusive(`${folder.path}/lock`, () => {}, NEVER);
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 1));
    inside--;
  }));
  assert.equal(most, 1);
});

Deno.test("a shared lock clears up only where nobody else is, and keeps out who wants to be alone", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/lock`;
  const swept: string[] = [];
  const first = await Lock.shared(path, () => swept.push("first"), () => {});
  const second = await Lock.shared(path, () => swept.push("second"), () => {});
  assert.deepEqual(swept, ["first"]);
  let waited = false;
  const alone = Lock.alone(path, () => waited = true);
  first[Symbol.dispose]();
  second[Symbol.dispose]();
  (await alone)[Symbol.dispose]();
  assert(waited);
});

Deno.test("who waits to be alone, or for one who is, can be interrupted, and leaves the next in line its turn", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/lock`;
  const reason = new UserError("Interrupted", { exitStatus: 130 });
  const interruptedBy = (wait: (onWait: () => void, signal: AbortSignal) => Promise<Lock>) => {
    const interruption = new AbortController();
    return assert.rejects(wait(() => interruption.abort(reason), interruption.signal), reason);
  };
  const shared = await Lock.shared(path, () => {}, () => {});
  await interruptedBy((onWait, signal) => Lock.alone(path, onWait, signal));
  shared[Symbol.dispose]();
  const alone = await Lock.alone(path, () => {});
  await interruptedBy((onWait, signal) => Lock.shared(path, () => {}, onWait, signal));
  alone[Symbol.dispose]();
  (await Lock.alone(path, () => {}))[Symbol.dispose]();
});

Deno.test("a lock ends with its process, however that ends", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/lock`;
  const module = new URL("../../pipeline/store/lock.ts", import.meta.url).href;
  const code = `import { Lock } from "${module}";
    await Lock.exclusive("${path}", () => {}, new AbortController().signal);
    console.log("held"); await new Promise((resolve) => setTimeout(resolve, 60_000));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  let holder: Holder | undefined;
  const waiting = Lock.exclusive(path, (found) => holder = found, NEVER);
  child.kill("SIGKILL");
  (await waiting)[Symbol.dispose]();
  assert.equal(holder?.pid, child.pid);
  await reader.cancel();
  await child.status;
});

Deno.test("where the file system has no locks, the user learns so, and what to do", async () => {
  await using folder = await temporaryFolder();
  const { tryLockSync } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.tryLockSync = () => {
    throw new Error("No locks available (os error 37)"); // ENOLCK, as Deno tells it
  };
  try {
    await assert.rejects(Lock.shared(`${folder.path}/lock`, () => {}, () => {}), (error: UserError) => {
      assert(error instanceof UserError);
      assert.match(error.message, /^Cannot lock .*: No locks available/);
      assert.match(error.notes.join(" "), /NFS.*--artifacts DIR.*local disk/);
      return true;
    });
  } finally {
    Deno.FsFile.prototype.tryLockSync = tryLockSync;
  }
});
