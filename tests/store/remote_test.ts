import assert from "node:assert/strict";
import type { Expectation } from "../../pipeline/store/expectation.ts";
import { RemoteCache, type RemoteOptions } from "../../pipeline/store/remote.ts";
import { seal, sha256 } from "../../pipeline/store/sealed.ts";
import type { Signatures } from "../../pipeline/store/signature.ts";
import { Store } from "../../pipeline/store/store.ts";
import { answer, type CacheRequest, CacheServer, type Fault, hang } from "./cache_server.ts";
import { KEY, MAKE, putResult } from "./result.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary.ts";

const CONTENTS = { "a.txt": "abc", "figures/b.svg": "<svg/>".repeat(1000), "same.txt": "abc", "empty": "" };
/** Patterns that all of `CONTENTS` match. */
const ANY = ["*", "figures/*"];
const NEVER = new AbortController().signal;

function client(server: CacheServer, options: Partial<RemoteOptions> = {}) {
  return new RemoteCache({ url: server.url, readOnly: false, patienceMs: 1000, ...options });
}

/** A server that has the result of `KEY`. */
async function filled(server: CacheServer, folder: TemporaryFolder, key = KEY, signatures?: Signatures) {
  using store = await Store.open(`${folder.path}/origin`);
  const record = await putResult(store, key, CONTENTS);
  const remote = new RemoteCache({ url: server.url, readOnly: false, patienceMs: 5000, signatures });
  remote.offer(record, store);
  assert.deepEqual(await remote.finish(NEVER), []);
  server.requests.length = 0;
  return record;
}

function filesOf(folder: string): string[] {
  return ["cas", "ac", "tmp"].flatMap((name) =>
    Array.from(Deno.readDirSync(`${folder}/${name}`), (entry) => `${name}/${entry.name}`)
  );
}

Deno.test("what one store made another one takes, and nothing that a server has is sent twice", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  const record = await filled(server, folder);
  assert.equal(server.files.size, 4); // the record, and each blob once
  assert.equal(new TextDecoder().decode(server.files.get(`ac/${KEY}`)), seal(record));
  for (const [path, bytes] of server.files) {
    if (path.startsWith("cas/")) assert.equal(path, `cas/${sha256(bytes)}`);
  }

  using store = await Store.open(`${folder.path}/other`);
  const remote = client(server);
  let bytes = [0, 0];
  assert.deepEqual(await remote.fetch(KEY, MAKE, store, NEVER, (done, all) => bytes = [done, all]), {
    record,
  });
  assert.deepEqual(bytes, [6003, 6003]);
  assert.deepEqual(await store.lookup(KEY), { record });
  assert.equal(Deno.statSync(store.blobPath(sha256("abc"))).mode! & 0o777, 0o444);
  assert.deepEqual(await remote.fetch(sha256("unknown"), MAKE, store, NEVER), { problem: undefined });

  server.requests.length = 0;
  remote.offer(record, store);
  await remote.finish(NEVER);
  assert.deepEqual(server.log.toSorted(), ["HEAD cas", "HEAD cas", "HEAD cas", "PUT ac"]);
  assert.deepEqual([...Deno.readDirSync(`${store.folder}/unsent`)], []);
});

const endless: Fault = async (write) => {
  await write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
  while (true) await write(`10000\r\n${"x".repeat(65536)}\r\n`);
};
const trickle: Fault = async (write) => {
  await write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
  while (true) {
    await write("x");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Whatever is asked for. */
const FAULTS: readonly [string, Fault, RegExp][] = [
  ["says nothing", hang, /did not answer within 1 s/],
  ["hangs half-way", async (write) => {
    await write("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nab");
    await new Promise(() => {});
  }, /moved less than 32000 bytes in 1 s/],
  ["trickles", trickle, /moved less than|more than/],
  ["never ends", endless, /sent more than \d+ bytes/],
  [
    "cuts off",
    (write) => write("HTTP/1.1 200 OK\r\ncontent-length: 6000\r\n\r\nabc"),
    /cut the connection off/,
  ],
  [
    "cuts off chunks",
    (write) => write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"),
    /cut/,
  ],
  ["hangs up", () => {}, /cut the connection off/],
  ["speaks something else", (write) => write("SSH-2.0-OpenSSH\r\n\r\n"), /does not speak HTTP/],
  ["has endless headers", async (write) => {
    await write("HTTP/1.1 200 OK\r\n");
    while (true) await write(`x: ${"y".repeat(8000)}\r\n`);
  }, /does not speak HTTP/],
  ["does not know us", answer("401 Unauthorized"), /answered 401: the credentials are missing or wrong/],
  ["forbids", answer("403 Forbidden"), /answered 403/],
  ["is broken", answer("500 Internal Server Error"), /answered 500/],
  ["has nothing to say", answer("204 No Content"), /answered 204/],
  [
    "sends elsewhere",
    answer("302 Found", "", "location: http://127.0.0.1:1/\r\n"),
    /answered 302, and redirects/,
  ],
  ["sends to our files", answer("307 Go", "", "location: file:///etc/passwd\r\n"), /answered 307/],
  ["sends other bytes", answer("200 OK", "abd"), /wrong bytes|record is damaged/],
  ["sends nothing", answer("200 OK", ""), /wrong bytes|record is damaged/],
  [
    "sends compressed bytes",
    answer("200 OK", "\x1f\x8b\x08\x00", "content-encoding: gzip\r\n"),
    /wrong bytes|damaged|more than/,
  ],
];

for (
  const [what, isAsked] of [
    ["record", ({ path }: CacheRequest) => path.startsWith("ac/")],
    ["blob", ({ path }: CacheRequest) => path === `cas/${sha256("abc")}`],
  ] as const
) {
  Deno.test(`a server that misbehaves over a ${what} is a miss with its reason, and leaves nothing behind`, async () => {
    await using folder = await temporaryFolder();
    await using server = new CacheServer();
    const record = await filled(server, folder);
    using store = await Store.open(`${folder.path}/other`);
    for (const [name, fault, reason] of FAULTS) {
      server.faultOf = (request) => isAsked(request) ? fault : undefined;
      const { record: found, problem } = await client(server).fetch(KEY, MAKE, store, NEVER);
      assert.equal(found, undefined, name);
      assert.match(problem!, reason, name);
      const left = filesOf(store.folder).filter((path) => !path.startsWith("cas/"));
      assert.deepEqual(left, [], name);
      // Other blobs may have come; whole ones are welcome.
      for (const path of filesOf(store.folder)) {
        assert.equal(`cas/${sha256(Deno.readFileSync(`${store.folder}/${path}`))}`, path, name);
      }
    }
    server.faultOf = () => undefined;
    assert.deepEqual(await client(server).fetch(KEY, MAKE, store, NEVER), { record });
  });
}

Deno.test("records that lie are misses: other keys, other stages, names that lead elsewhere, missing blobs", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  const record = await filled(server, folder);
  using store = await Store.open(`${folder.path}/other`);
  const output = record.outputs["a.txt"]!;
  const lies: [unknown, RegExp][] = [
    [{ ...record, key: sha256("other") }, /belongs to another key/],
    [{ ...record, stage: "train" }, /is of the stage train/],
    [{ ...record, extra: 1 }, /"extra" is unknown/],
    [{ ...record, outputs: { "a.txt": { ...output, digest: "../../ac/x" } } }, /no SHA-256/],
    [{ ...record, outputs: { "a.txt": { ...output, digest: sha256("nowhere") } } }, /it has no a.txt/],
    [{ ...record, outputs: { "a.txt": { ...output, size: 2 } } }, /sent more than 2 bytes/],
    [{ ...record, outputs: { "a.txt": { ...output, size: -1 } } }, /the size of a.txt/],
    [{ ...record, outputs: { "a": output, "a/b": output } }, /lies in an output that is a file/],
    [{ ...record, seconds: -1 }, /no duration/],
    [{ ...record, started: "2026-99-99T99:99:99.999Z" }, /no time/],
    [{ ...record, notices: [1] }, /no sentences/],
    [[], /no object/],
    [null, /no object/],
    ...[
      "../x",
      "/etc/passwd",
      "a/../../x",
      "a//b",
      "",
      ".",
      "a/.",
      "a\\..\\b",
      "a\0b",
      "\x1b[2J",
      "a/",
      "x".repeat(2000),
    ].map((name): [unknown, RegExp] => [{ ...record, outputs: { [name]: output } }, /no name of an output/]),
  ];
  for (const [lie, reason] of lies) {
    server.files.set(`ac/${KEY}`, new TextEncoder().encode(seal(lie)));
    const { record: found, problem } = await client(server).fetch(KEY, MAKE, store, NEVER);
    assert.equal(found, undefined);
    assert.match(problem!, reason);
    assert.deepEqual(filesOf(store.folder).filter((path) => !path.startsWith("cas/")), []);
  }
  // Deep enough to exhaust the stack of whoever seals it again.
  const text = seal(record).slice(0, -2).replace(/^.*?"value":/, "")
    .replace('"machine":{}', `"machine":{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
  server.files.set(`ac/${KEY}`, new TextEncoder().encode(`{"sha256":"${sha256(text)}","value":${text}}\n`));
  assert.match(
    (await client(server).fetch(KEY, MAKE, store, NEVER)).problem!,
    /not written as records are/,
  );
});

Deno.test("a blob that the server has wrong is sent again when the result was made anew", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  const record = await filled(server, folder);
  server.files.set(`cas/${sha256("abc")}`, new TextEncoder().encode("abd"));
  using store = await Store.open(`${folder.path}/other`);
  const remote = client(server);
  assert.match((await remote.fetch(KEY, MAKE, store, NEVER)).problem!, /wrong bytes for a.txt/);
  await putResult(store, KEY, CONTENTS);
  remote.offer(record, store);
  assert.deepEqual(await remote.finish(NEVER), []);
  assert.equal(new TextDecoder().decode(server.files.get(`cas/${sha256("abc")}`)), "abc");
});

Deno.test("a server that is out of reach is asked once, not again at each stage", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  for (const [fault, most] of [[hang, 1], [answer("401 No"), 1], [answer("500 Oh"), 3]] as const) {
    await using server = new CacheServer();
    server.faultOf = () => fault;
    const remote = client(server);
    const problems: (string | undefined)[] = [];
    for (let i = 0; i < 10; i++) {
      problems.push((await remote.fetch(sha256(`${i}`), MAKE, store, NEVER)).problem);
    }
    assert.equal(server.requests.length, most);
    assert.match(problems.at(-1)!, /left alone for a minute, because it (did not answer|answered)/);
  }
  const nobody = new RemoteCache({ url: new URL("http://127.0.0.1:1/"), readOnly: false, patienceMs: 200 });
  assert.match((await nobody.fetch(KEY, MAKE, store, NEVER)).problem!, /refused the connection/);
  const nowhere = new RemoteCache({
    url: new URL("http://cache.invalid/"),
    readOnly: false,
    patienceMs: 5000,
  });
  assert.match((await nowhere.fetch(KEY, MAKE, store, NEVER)).problem!, /no address|no way/);
});

Deno.test("a server that says no and then misbehaves is a plain miss", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  using store = await Store.open(folder.path);
  const no = "HTTP/1.1 404 Not Found\r\n";
  const faults: Fault[] = [
    (write) => write(`${no}content-length: 1000\r\n\r\nabc`),
    (write) => write(`${no}transfer-encoding: chunked\r\n\r\nzzz\r\n`),
    async (write) => {
      await write(`${no}transfer-encoding: chunked\r\n\r\n`);
      while (true) await write(`10000\r\n${"x".repeat(65536)}\r\n`);
    },
    async (write) => {
      await write(`${no}content-length: 1000\r\n\r\nabc`);
      await new Promise(() => {});
    },
  ];
  for (const fault of faults) {
    server.faultOf = () => fault;
    assert.deepEqual(await client(server).fetch(KEY, MAKE, store, NEVER), { problem: undefined });
    await new Promise((resolve) => setTimeout(resolve, 50)); // what it still sends must hit nobody
  }
});

Deno.test("missing and damaged results do not count against a server that answers", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  const record = await filled(server, folder);
  using store = await Store.open(`${folder.path}/other`);
  const remote = client(server);
  for (let i = 0; i < 10; i++) {
    const key = sha256(`${i}`);
    server.files.set(`ac/${key}`, new TextEncoder().encode("garbage"));
    assert.equal((await remote.fetch(key, MAKE, store, NEVER)).problem, "its record is damaged");
  }
  assert.deepEqual(await remote.fetch(KEY, MAKE, store, NEVER), { record });
});

Deno.test("what could not be sent is told and sent by the next run", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  using store = await Store.open(folder.path);
  const record = await putResult(store, KEY, CONTENTS);
  const faults: [Fault, RegExp][] = [
    [hang, /did not answer/],
    [() => {}, /cut the connection off|failed/],
    [answer("401 Unauthorized"), /answered 401/],
    [answer("507 Insufficient Storage"), /answered 507/],
    [answer("302 Found", "", "location: http://127.0.0.1:1/\r\n"), /answered 302/],
  ];
  for (const method of ["HEAD", "PUT"]) {
    for (const [fault, reason] of faults) {
      server.faultOf = (request) => request.method === method ? fault : undefined;
      const remote = client(server);
      await remote.resume(store);
      remote.offer(record, store);
      const [unsent, ...more] = await remote.finish(NEVER);
      assert.deepEqual([unsent?.stage, unsent?.key, more], ["make", KEY, []]);
      assert.match(unsent!.problem, reason);
      assert(!server.files.has(`ac/${KEY}`));
    }
  }
  server.faultOf = () => undefined;
  const remote = client(server);
  await remote.resume(store);
  assert.deepEqual(await remote.finish(NEVER), []);
  assert.equal(new TextDecoder().decode(server.files.get(`ac/${KEY}`)), seal(record));
  assert.deepEqual([...Deno.readDirSync(`${store.folder}/unsent`)], []);
});

Deno.test("uploads that take too long, or are interrupted, are left for the next run", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  using store = await Store.open(folder.path);
  const record = await putResult(store, KEY, CONTENTS);
  server.faultOf = () => hang;
  const slow = new RemoteCache({ url: server.url, readOnly: false, patienceMs: 60_000 });
  slow.offer(record, store);
  assert(await slow.isBusy());
  assert.match((await slow.finish(NEVER, 50))[0]!.problem, /had not taken all 0.05 s after the run/);
  const interrupted = new RemoteCache({ url: server.url, readOnly: false, patienceMs: 60_000 });
  interrupted.offer(record, store);
  assert.match((await interrupted.finish(AbortSignal.abort()))[0]!.problem, /interrupted/);
  assert.deepEqual(Array.from(Deno.readDirSync(`${store.folder}/unsent`), ({ name }) => name), [KEY]);
});

Deno.test("an interrupted fetch throws the interruption and leaves nothing", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  await filled(server, folder);
  using store = await Store.open(`${folder.path}/other`);
  const interruption = new AbortController();
  server.faultOf = ({ path }) => {
    if (path !== `cas/${sha256("abc")}`) return undefined;
    return () => {
      interruption.abort(new RangeError("Ctrl-C"));
      return new Promise(() => {});
    };
  };
  await assert.rejects(
    client(server).fetch(KEY, MAKE, store, interruption.signal),
    new RangeError("Ctrl-C"),
  );
  assert.deepEqual(filesOf(store.folder).filter((path) => !path.startsWith("cas/")), []);
});

Deno.test("a read-only cache sends nothing, and credentials go with every request", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  const record = await filled(server, folder);
  using store = await Store.open(`${folder.path}/other`);
  const remote = client(server, { readOnly: true, authorization: "Bearer abc" });
  assert((await remote.fetch(KEY, MAKE, store, NEVER)).record);
  remote.offer(record, store);
  await remote.resume(store);
  assert.deepEqual(await remote.finish(NEVER), []);
  assert.deepEqual(new Set(server.requests.map(({ method }) => method)), new Set(["GET"]));
  assert.deepEqual(
    new Set(server.requests.map(({ authorization }) => authorization)),
    new Set(["Bearer abc"]),
  );
});

Deno.test("what does not fit its declaration is a miss: more than the disk has, other outputs, contents that are none", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  const record = await filled(server, folder);
  using store = await Store.open(`${folder.path}/other`);
  const misses: [object, Partial<Expectation>, RegExp][] = [
    [
      { outputs: { ...record.outputs, big: { digest: sha256("big"), size: 1e15 } } },
      {},
      /and the disk has \d+ free/,
    ],
    [{}, { outputs: [{ path: "*", mostBytes: 1e9 }, { path: "b.csv", mostBytes: 1 }] }, /has no b.csv/],
    [
      {},
      { outputs: [{ path: "*", mostBytes: 1e9 }] },
      /names "figures\/b.svg", which the stage does not write/,
    ],
    [{}, { outputs: ANY.map((path) => ({ path, mostBytes: 2 })) }, /a.txt has 3 bytes, more than 2/],
    [
      {},
      { outputs: ANY.map((path) => ({ path, mostBytes: 9e9, sha256: "0" })) },
      /another content for a.txt/,
    ],
    [
      {},
      {
        outputs: ANY.map((path) => ({
          path,
          mostBytes: 9e9,
          read: () => Promise.reject(new Error("bad\x1b[2J")),
        })),
      },
      /names a file that is no a.txt: bad \[2J$/,
    ],
    [{}, { together: () => Promise.reject(new Error("odd")) }, /do not belong together: odd/],
    [{ outputs: {} }, { outputs: [{ path: "a.txt", mostBytes: 9 }] }, /has no a.txt/],
  ];
  for (const [change, expected, reason] of misses) {
    server.files.set(`ac/${KEY}`, new TextEncoder().encode(seal({ ...record, ...change })));
    const { problem } = await client(server).fetch(KEY, { ...MAKE, ...expected }, store, NEVER);
    assert.match(problem!, reason);
    assert.deepEqual(filesOf(store.folder).filter((path) => !path.startsWith("cas/")), []);
  }
});
