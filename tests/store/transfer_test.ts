import assert from "node:assert/strict";
import { RemoteProblem, Transfer } from "../../pipeline/store/transfer.ts";
import { answer, CacheServer, type Fault, hang } from "./cache_server.ts";
import { temporaryFolder } from "./temporary.ts";

const NEVER = new AbortController().signal;
const text = new TextEncoder();

function open(url: URL, signal = NEVER, authorization?: string): Transfer {
  return new Transfer({ url, authorization, patienceMs: 200 }, 2, signal);
}

/** The content of a file, or undefined where the server has none. */
async function read(transfer: Transfer, path: string, most = 1000): Promise<string | undefined> {
  let content = "";
  const isThere = await transfer.get(path, most, (piece) => content += new TextDecoder().decode(piece));
  return isThere ? content : undefined;
}

async function problemOf(work: Promise<unknown>): Promise<RemoteProblem> {
  const error = await work.then(() => undefined, (error) => error);
  assert(error instanceof RemoteProblem, String(error));
  return error;
}

Deno.test("texts and files are sent and come back; what the server has not is no error", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  using transfer = open(server.url, NEVER, "Bearer token");
  await Deno.writeTextFile(`${folder.path}/file`, "from a file");
  await transfer.put("ac/text", "a text: äöü");
  await transfer.put("cas/file", { file: `${folder.path}/file`, size: 11 });
  assert.equal(await read(transfer, "ac/text"), "a text: äöü");
  assert.equal(await read(transfer, "cas/file"), "from a file");
  assert.equal(await transfer.size("cas/file"), 11);
  assert.equal(await read(transfer, "cas/nothing"), undefined);
  assert.equal(await transfer.size("cas/nothing"), undefined);
  assert(server.requests.every(({ authorization }) => authorization === "Bearer token"));
});

Deno.test("a problem tells what it says of the next request", async () => {
  await using server = new CacheServer();
  server.files.set("cas/long", text.encode("x".repeat(1001)));
  const cases: [Fault | undefined, string, RegExp][] = [
    [undefined, "data", /^it sent more than 1000 bytes$/],
    [answer("500 Oh"), "failure", /^it answered 500$/],
    [answer("401 Who"), "lasting", /^it answered 401: the credentials are missing or wrong$/],
    [answer("302 Found", "", "location: /elsewhere\r\n"), "lasting", /redirects are not followed$/],
    [() => {}, "failure", /^it cut the connection off$/],
    [(write) => write("SSH-2.0-OpenSSH\r\n\r\n"), "failure", /^it does not speak HTTP$/],
    [hang, "lasting", /^it did not answer within 0\.2 s$/],
  ];
  for (const [fault, severity, message] of cases) {
    server.faultOf = () => fault;
    using transfer = open(server.url);
    const problem = await problemOf(read(transfer, "cas/long"));
    assert.match(problem.message, message);
    assert.equal(problem.severity, severity, problem.message);
  }
});

Deno.test("where nobody listens, no other request would be answered either", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  using transfer = open(new URL(`http://127.0.0.1:${port}/cache`));
  const { message, severity } = await problemOf(read(transfer, "cas/file"));
  assert.deepEqual([message, severity], ["it refused the connection", "lasting"]);
});

Deno.test("a server that sends too slowly is left", async () => {
  await using server = new CacheServer();
  server.faultOf = () => async (write) => {
    await write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
    for (let i = 0; i < 100; i++) {
      await write("x");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  using transfer = open(server.url);
  const { message } = await problemOf(read(transfer, "cas/trickle"));
  assert.match(message, /^it moved less than 6400 bytes in 0\.2 s$/);
});

Deno.test("an error of who takes the bytes is thrown as it is, and is no problem of the server", async () => {
  await using server = new CacheServer();
  server.files.set("cas/file", text.encode("bytes"));
  using transfer = open(server.url);
  const full = new Error("the disk is full");
  const thrown = await transfer.get("cas/file", 10, () => {
    throw full;
  }).catch((error) => error);
  assert.equal(thrown, full);
});

Deno.test("an aborted transfer throws the reason, under way and before", async () => {
  await using server = new CacheServer();
  server.faultOf = () => hang;
  const control = new AbortController();
  using transfer = open(server.url, control.signal);
  const reason = new Error("Interrupted");
  const reading = read(transfer, "cas/file").catch((error) => error);
  control.abort(reason);
  assert.equal(await reading, reason);
  assert.equal(await read(transfer, "cas/file").catch((error) => error), reason);
  assert.equal(server.requests.length <= 1, true);
});
