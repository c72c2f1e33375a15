import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { UserError } from "../../../pipeline/base/errors.ts";
import { https } from "../../../pipeline/datasets/sources/https.spec.ts";
import { fetchHttps } from "../../../pipeline/datasets/sources/https.ts";
import { FILES, noise, type TestDelivery, withDelivery } from "./delivery.ts";

/** Only the tests of silence wait for the stall. */
const QUICK = { attempts: 3, backOff: 5, stall: 60_000 };
const IMAGES = FILES["images-ubyte"]!;

type Handler = (request: Request, name: string) => Response | Promise<Response> | undefined;

interface Server {
  readonly base: string;
  /** One entry a request: path, and the range that was asked for. */
  readonly requests: string[];
}

/** Serves the two files gzipped; `handler` may answer in its place. */
async function withServer(handler: Handler, test: (server: Server) => Promise<void>): Promise<void> {
  const requests: string[] = [];
  const http = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const name = new URL(request.url).pathname.replace("/data/", "");
    const range = request.headers.get("range");
    requests.push(range === null ? name : `${name} ${range}`);
    return handler(request, name) ?? serveFile(request, name, packed(name));
  });
  try {
    await test({ base: `http://127.0.0.1:${http.addr.port}/data/`, requests });
  } finally {
    await http.shutdown();
  }
}

function packed(name: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = name.endsWith(".gz") ? FILES[name.slice(0, -3)] : undefined;
  return bytes && new Uint8Array(gzipSync(bytes));
}

/** A file server as RFC 9110 has it: strong ETag, Range, If-Range. */
function serveFile(
  request: Request,
  _name: string,
  bytes: Uint8Array<ArrayBuffer> | undefined,
  etag = '"v1"',
): Response {
  if (!bytes) return new Response("no such file", { status: 404 });
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1] ?? NaN);
  const unchanged = [null, etag].includes(request.headers.get("if-range"));
  if (Number.isNaN(start) || !unchanged) return new Response(bytes, { headers: { etag } });
  if (start >= bytes.length) {
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${bytes.length}` } });
  }
  return new Response(bytes.subarray(start), {
    status: 206,
    headers: { etag, "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` },
  });
}

/** Sends the head of a file under the length of the whole, then breaks off, or says nothing more. */
function partOf(bytes: Uint8Array<ArrayBuffer>, length: number, then: "break" | "hang"): Response {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(bytes.slice(0, length));
      if (then === "break") setTimeout(() => controller.close(), 50);
    },
  });
  return new Response(body, { headers: { "content-length": String(bytes.length), etag: '"v1"' } });
}

/** Answers the first `times` requests for the images. */
function firstImages(times: number, answer: Handler): Handler {
  return (request, name) => name.startsWith("images") && times-- > 0 ? answer(request, name) : undefined;
}

async function assertDelivered(delivery: TestDelivery): Promise<void> {
  for (const [name, bytes] of Object.entries(FILES)) {
    assert.deepEqual(new Uint8Array(await Deno.readFile(delivery.output(name))), bytes);
  }
  assert.deepEqual(delivery.left().scratch, []);
}

async function failure(work: Promise<unknown>): Promise<UserError> {
  const error = await work.then(() => assert.fail("it did not fail"), (error) => error);
  assert.ok(error instanceof UserError, String(error));
  return error;
}

Deno.test("https: a report's spec has neither the passwords nor the tokens of mirrors", () => {
  const source = https.schema.parse({
    type: "https",
    mirrors: ["https://user:secret@example.org/data/?token=secret#secret", "https://example.org/plain/"],
  });
  assert.deepEqual(https.inReport(source).mirrors, [
    "https://example.org/data/",
    "https://example.org/plain/",
  ]);
});

Deno.test("https: gzipped files are unpacked and checked; progress rises to the end", async () => {
  await withServer(() => undefined, async ({ base, requests }) => {
    await withDelivery(async (delivery) => {
      const delivered = await fetchHttps([base], delivery, QUICK);
      await assertDelivered(delivery);
      assert.deepEqual(requests, ["images-ubyte.gz", "labels-ubyte.gz"]);
      assert.deepEqual(delivered, {
        type: "https",
        from: { "images-ubyte": `${base}images-ubyte.gz`, "labels-ubyte": `${base}labels-ubyte.gz` },
      });
      const fractions = delivery.events.map(({ fraction }) => fraction);
      assert.deepEqual(fractions, fractions.toSorted((a, b) => a - b));
      assert.equal(fractions.at(-1), 1);
      assert.match(
        delivery.events[0]!.text,
        /^images-ubyte from 127\.0\.0\.1:\d+ {2}\d\.\d of 0\.2 MB$/,
      );
      assert.equal(delivery.events[0]!.secondsLeft, undefined, "an estimate before there is a rate");
      assert.ok(delivery.events.every(({ secondsLeft = 0 }) => secondsLeft >= 0));
    });
  });
});

Deno.test("https: a mirror that holds the files unpacked will do", async () => {
  const plain: Handler = (request, name) => serveFile(request, name, FILES[name]);
  await withServer(plain, async ({ base, requests }) => {
    await withDelivery(async (delivery) => {
      await fetchHttps([base.slice(0, -1)], delivery, QUICK);
      await assertDelivered(delivery);
      assert.deepEqual(requests, ["images-ubyte.gz", "images-ubyte", "labels-ubyte.gz", "labels-ubyte"]);
    });
  });
});

Deno.test("https: a download that was cut off goes on where it stopped", async () => {
  const cut = firstImages(1, (_, name) => partOf(packed(name)!, 150_000, "break"));
  await withServer(cut, async ({ base, requests }) => {
    await withDelivery(async (delivery) => {
      await fetchHttps([base], delivery, QUICK);
      await assertDelivered(delivery);
      assert.deepEqual(requests, ["images-ubyte.gz", "images-ubyte.gz bytes=150000-", "labels-ubyte.gz"]);
      assert.ok(delivery.events.some(({ text }) => text.includes("trying again in")));
    });
  });
});

Deno.test("https: a later run goes on where an earlier one stopped", async () => {
  const cut = firstImages(1, (_, name) => partOf(packed(name)!, 120_000, "break"));
  await withServer(cut, async ({ base, requests }) => {
    await withDelivery(async (delivery) => {
      await failure(fetchHttps([base], delivery, { ...QUICK, attempts: 1 }));
      assert.deepEqual(delivery.left(), {
        output: [],
        scratch: ["images-ubyte.part", "images-ubyte.part.json"],
      });
      await fetchHttps([base], delivery, QUICK);
      await assertDelivered(delivery);
      assert.equal(requests[1], "images-ubyte.gz bytes=120000-");
    });
  });
});

Deno.test("https: a file that changed on the server meanwhile is taken from the beginning", async () => {
  const old = firstImages(1, (_, name) => partOf(packed(name)!.toReversed(), 120_000, "break"));
  const changed: Handler = (request, name) =>
    old(request, name) ?? serveFile(request, name, packed(name), '"v2"');
  await withServer(changed, async ({ base }) => {
    await withDelivery(async (delivery) => {
      await fetchHttps([base], delivery, QUICK);
      await assertDelivered(delivery);
    });
  });
});

Deno.test("https: a server that ignores Range is read from the beginning", async () => {
  const cut = firstImages(1, (_, name) => partOf(packed(name)!, 120_000, "break"));
  await withServer((request, name) => cut(request, name) ?? new Response(packed(name)), async ({ base }) => {
    await withDelivery(async (delivery) => {
      await fetchHttps([base], delivery, QUICK);
      await assertDelivered(delivery);
    });
  });
});

Deno.test("https: a server that continues elsewhere than asked is read from the beginning", async () => {
  const cut = firstImages(1, (_, name) => partOf(packed(name)!, 120_000, "break"));
  const wrong = firstImages(
    1,
    (_, name) =>
      new Response(packed(name)!.subarray(7), {
        status: 206,
        headers: { "content-range": "bytes 7-200000/*" },
      }),
  );
  await withServer(
    (request, name) => cut(request, name) ?? wrong(request, name),
    async ({ base, requests }) => {
      await withDelivery(async (delivery) => {
        await fetchHttps([base], delivery, QUICK);
        await assertDelivered(delivery);
        assert.deepEqual(requests.slice(0, 3), [
          "images-ubyte.gz",
          "images-ubyte.gz bytes=120000-",
          "images-ubyte.gz",
        ]);
      });
    },
  );
});

Deno.test("https: a damaged partial file costs a new download, not a wrong file", async () => {
  const cut = firstImages(1, (_, name) => partOf(packed(name)!, 120_000, "break"));
  await withServer(cut, async ({ base, requests }) => {
    await withDelivery(async (delivery) => {
      await failure(fetchHttps([base], delivery, { ...QUICK, attempts: 1 }));
      await Deno.writeFile(join(delivery.scratch, "images-ubyte.part"), noise("damage", 100_000));
      await fetchHttps([base], delivery, QUICK);
      await assertDelivered(delivery);
      assert.deepEqual(requests.slice(1, 3), ["images-ubyte.gz bytes=100000-", "images-ubyte.gz"]);
    });
  });
});

Deno.test("https: a part that is whole is not downloaded again, and one that is too long is", async () => {
  for (const [extra, asked] of [[0, 1], [50, 2]] as const) {
    const cut = firstImages(1, (_, name) => partOf(packed(name)!, 120_000, "break"));
    await withServer(cut, async ({ base, requests }) => {
      await withDelivery(async (delivery) => {
        await failure(fetchHttps([base], delivery, { ...QUICK, attempts: 1 }));
        const whole = Uint8Array.from([...packed("images-ubyte.gz")!, ...new Uint8Array(extra)]);
        await Deno.writeFile(join(delivery.scratch, "images-ubyte.part"), whole);
        await fetchHttps([base], delivery, QUICK);
        await assertDelivered(delivery);
        assert.equal(requests.slice(1).filter((request) => request.startsWith("images")).length, asked);
      });
    });
  }
});

Deno.test("https: wrong bytes are refused, and the next mirror is asked", async () => {
  const wrong: Handler = () => new Response(new Uint8Array(gzipSync(noise("wrong", IMAGES.length))));
  await withServer(wrong, async (bad) => {
    await withServer(() => undefined, async (good) => {
      await withDelivery(async (delivery) => {
        await fetchHttps([bad.base, good.base], delivery, QUICK);
        await assertDelivered(delivery);
      });
      await withDelivery(async (delivery) => {
        const error = await failure(fetchHttps([bad.base], delivery, QUICK));
        assert.equal(error.message, "Cannot download images-ubyte of Test data: no mirror delivered it");
        assert.match(
          error.notes[0]!,
          /delivered a wrong file: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}/,
        );
        assert.deepEqual(delivery.left(), { output: [], scratch: [] });
      });
    });
  });
});

Deno.test("https: what is no gzip file inside, or ends too early, is refused", async () => {
  const bytes = new Uint8Array(gzipSync(IMAGES));
  const cases: [Uint8Array<ArrayBuffer>, RegExp][] = [
    [bytes.slice(0, 1000), /it cannot be unpacked/],
    [bytes.with(5000, bytes[5000]! ^ 0xff), /it cannot be unpacked|its SHA-256 is/],
    [IMAGES.slice(0, 1000), /it has 1000 bytes, not 200000/],
    [new Uint8Array(gzipSync(new Uint8Array(50_000_000))), /it has more than 200000 bytes/],
    [new Uint8Array(0), /it has 0 bytes/],
  ];
  for (const [body, problem] of cases) {
    await withServer(() => new Response(body), async ({ base }) => {
      await withDelivery(async (delivery) => {
        assert.match((await failure(fetchHttps([base], delivery, QUICK))).notes[0]!, problem);
        assert.deepEqual(delivery.left(), { output: [], scratch: [] });
      });
    });
  }
});

Deno.test("https: 404 is not tried again, and the error names every address and the other sources", async () => {
  await withServer(() => new Response(null, { status: 404 }), async ({ base, requests }) => {
    await withDelivery(async (delivery) => {
      const { notes } = await failure(fetchHttps([base], delivery, QUICK));
      assert.deepEqual(requests, ["images-ubyte.gz", "images-ubyte"]);
      assert.equal(notes[0], `${base}images-ubyte.gz answered 404 Not Found`);
      assert.equal(notes[1], `${base}images-ubyte answered 404 Not Found`);
      assert.ok(notes.some((note) => note.startsWith("--set dataset.source.type=npm ")));
      assert.ok(notes.some((note) => note.startsWith("--set dataset.source.type=folder ")));
    });
  });
});

Deno.test("https: 500 and 429 are tried again, and not for ever", async () => {
  let statuses = [500, 429];
  await withServer(() => {
    const status = statuses.shift();
    return status === undefined ? undefined : new Response(null, { status });
  }, async ({ base, requests }) => {
    await withDelivery(async (delivery) => {
      await fetchHttps([base], delivery, QUICK);
      await assertDelivered(delivery);
      assert.equal(requests.length, 4);
    });
    statuses = Array(100).fill(503);
    await withDelivery(async (delivery) => {
      const { notes } = await failure(fetchHttps([base], delivery, QUICK));
      assert.match(notes[0]!, /answered 503 Service Unavailable \(tried 3 times\)$/);
      assert.equal(requests.length, 4 + 3);
    });
  });
});

Deno.test("https: a redirect to a host that is not listed is refused, and that host is never asked", async () => {
  await withServer(() => undefined, async (other) => {
    const away: Handler = (_, name) => Response.redirect(other.base + name);
    await withServer(away, async ({ base }) => {
      await withDelivery(async (delivery) => {
        const { notes } = await failure(fetchHttps([base], delivery, QUICK));
        assert.match(
          notes[0]!,
          /redirects to http:\/\/127\.0\.0\.1:\d+, which is not among the listed mirrors/,
        );
        assert.deepEqual(other.requests, []);
      });
      await withDelivery(async (delivery) => {
        await fetchHttps([base, other.base], delivery, QUICK);
        await assertDelivered(delivery);
      });
    });
  });
});

Deno.test("https: a redirect to plain HTTP on another machine is refused even for a listed name", async () => {
  await withServer(() => Response.redirect("http://example.org/x"), async ({ base }) => {
    await withDelivery(async (delivery) => {
      const { notes } = await failure(fetchHttps([base, "https://example.org/"], delivery, {
        ...QUICK,
        attempts: 1,
      }));
      assert.match(notes[0]!, /redirects to http:\/\/example\.org, which is not among/);
    });
  });
});

Deno.test("https: a circle of redirects ends", async () => {
  await withServer((request) => Response.redirect(request.url), async ({ base, requests }) => {
    await withDelivery(async (delivery) => {
      const { notes } = await failure(fetchHttps([base], delivery, QUICK));
      assert.match(notes[0]!, /redirects more than 5 times/);
      assert.equal(requests.length, 12);
    });
  });
});

Deno.test("https: a server that falls silent is given up, and the next mirror is asked", async () => {
  for (const answers of [true, false]) {
    const end = Promise.withResolvers<void>();
    const silent: Handler = (_, name) =>
      answers ? partOf(packed(name) ?? IMAGES, 50_000, "hang") : end.promise.then(() => new Response());
    await withServer(silent, async (bad) => {
      await withServer(() => undefined, async (good) => {
        await withDelivery(async (delivery) => {
          await fetchHttps([bad.base, good.base], delivery, { ...QUICK, attempts: 1, stall: 700 });
          await assertDelivered(delivery);
        });
      });
      await withDelivery(async (delivery) => {
        const { notes } = await failure(
          fetchHttps([bad.base], delivery, { attempts: 2, backOff: 5, stall: 100 }),
        );
        assert.match(notes[0]!, /sent nothing for 0\.1 s \(tried 2 times\)$/);
      });
      end.resolve();
    });
  }
});

Deno.test("https: a body without end is cut at the size of the file", async () => {
  const endless: Handler = () =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65536)) }),
    );
  const boasting: Handler = () => new Response(new Uint8Array(1_000_000));
  for (const handler of [endless, boasting]) {
    await withServer(handler, async ({ base }) => {
      await withDelivery(async (delivery) => {
        const { notes } = await failure(fetchHttps([base], delivery, QUICK));
        assert.match(notes[0]!, /sends more than the 200000 bytes of this file/);
        const { output } = delivery.left();
        assert.deepEqual(output, []);
        for (const { name } of Deno.readDirSync(delivery.scratch)) {
          assert.ok((await Deno.stat(join(delivery.scratch, name))).size < 202_000);
        }
      });
    });
  }
});

Deno.test("https: nobody answers: the error says so", async () => {
  let base = "";
  await withServer(() => undefined, (server) => Promise.resolve(void (base = server.base)));
  await withDelivery(async (delivery) => {
    const { notes } = await failure(fetchHttps([base], delivery, QUICK));
    assert.match(
      notes[0]!,
      /could not be reached or broke off: .*[Cc]onnection refused.* \(tried 3 times\)$/,
    );
    assert.deepEqual(delivery.left(), { output: [], scratch: [] });
  });
});

Deno.test("https: plain HTTP to another machine is a user's mistake", async () => {
  await withDelivery(async (delivery) => {
    const error = await failure(fetchHttps(["http://example.org/"], delivery, QUICK));
    assert.match(error.message, /plain HTTP can be changed on the way/);
    assert.equal(error.exitStatus, 2);
  });
});

Deno.test("https: an interruption ends the download at once and keeps what arrived", async () => {
  const interruption = new AbortController();
  await withServer((_, name) => partOf(packed(name)!, 50_000, "hang"), async ({ base }) => {
    await withDelivery(async (delivery) => {
      const work = fetchHttps([base], delivery, QUICK);
      while (delivery.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      interruption.abort();
      await assert.rejects(work, { name: "AbortError" });
      assert.deepEqual(delivery.left().scratch, ["images-ubyte.part", "images-ubyte.part.json"]);
    }, { signal: interruption.signal });
  });
});
