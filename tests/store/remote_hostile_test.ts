import assert from "node:assert/strict";
import fc from "fast-check";
import { isOutputName, parseRecord } from "../../pipeline/store/record.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { RemoteCache } from "../../pipeline/store/remote.ts";
import { seal, sha256 } from "../../pipeline/store/sealed.ts";
import { Store } from "../../pipeline/store/store.ts";
import { CacheServer } from "./cache_server.ts";
import { KEY, MAKE } from "./result.ts";
import { temporaryFolder } from "./temporary.ts";
import { anyText } from "../support/any_text.ts";

const NEVER = new AbortController().signal;
const BODY = "abc";
const RECORD: ActionRecord = {
  key: KEY,
  stage: "make",
  outputs: { "figures/a.svg": { digest: sha256(BODY), size: 3 } },
  started: "2026-01-01T00:00:00.000Z",
  seconds: 1.25,
  machine: { os: "linux", cores: 2 },
  recorded: { seconds: [1, 2, 3] },
  notices: ["a notice"],
};

/** Damages that a disk, a network or an enemy does to bytes. */
const damage = fc.record({
  kind: fc.constantFrom("flip", "cut", "insert", "delete", "swap"),
  at: fc.nat(),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
});

function apply(
  bytes: Uint8Array,
  { kind, at, bytes: more }: { kind: string; at: number; bytes: Uint8Array },
) {
  const i = at % bytes.length;
  const [head, tail] = [bytes.subarray(0, i), bytes.subarray(i)];
  switch (kind) {
    case "flip":
      return new Uint8Array([...head, tail[0]! ^ (more[0]! || 1), ...tail.subarray(1)]);
    case "cut":
      return bytes.slice(0, i);
    case "insert":
      return new Uint8Array([...head, ...more, ...tail]);
    case "delete":
      return new Uint8Array([...head, ...tail.subarray(more.length)]);
    default:
      return new Uint8Array([...tail, ...head]);
  }
}

Deno.test("of 3,000 damaged records none is believed unless it is the same", () => {
  const text = new TextEncoder().encode(seal(RECORD));
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
      const damaged = new TextDecoder().decode(damages.reduce(apply, text));
      const parsed = parseRecord(damaged, KEY);
      if ("record" in parsed) assert.deepEqual(parsed.record, RECORD);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("of 3,000 well-sealed lies those that are believed have the shape of a record and names that stay inside", () => {
  const name = fc.oneof(
    fc.constantFrom(
      "a",
      "a/b",
      "../x",
      "/x",
      "a/../../x",
      "",
      ".",
      "__proto__",
      "constructor",
      "a\\b",
      "a//b",
      "\0",
    ),
    anyText({ maxLength: 12 }),
    fc.array(fc.constantFrom("..", ".", "a", ""), { maxLength: 5 }).map((parts) => parts.join("/")),
  );
  const output = fc.oneof(
    fc.constant({ digest: sha256(BODY), size: 3 }),
    fc.record({
      digest: fc.oneof(fc.constant(sha256("x")), fc.string()),
      size: fc.oneof(fc.nat(), fc.double()),
    }),
    fc.jsonValue(),
  );
  const field = fc.oneof(
    fc.tuple(fc.constant("outputs"), fc.dictionary(name, output, { maxKeys: 4 })),
    fc.tuple(fc.constantFrom(...Object.keys(RECORD), "extra", "__proto__"), fc.jsonValue()),
  );
  let believed = 0;
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 3 }), (fields) => {
      const lie = { ...RECORD, ...Object.fromEntries(fields) };
      let text: string;
      try {
        text = seal(lie);
      } catch {
        return; // not even JSON
      }
      const parsed = parseRecord(text, KEY);
      if (!("record" in parsed)) return void assert.match(parsed.problem, /^its record is/);
      believed++;
      const { record } = parsed;
      assert.deepEqual(Object.keys(record).sort(), Object.keys(RECORD).sort());
      assert.equal(record.key, KEY);
      assert(!Number.isNaN(new Date(record.started).getTime()) && record.seconds >= 0);
      for (const [path, { digest, size }] of Object.entries(record.outputs)) {
        assert(new URL(encodeURI(path), "file:///store/output/").pathname.startsWith("/store/output/"));
        assert.match(digest, /^[0-9a-f]{64}$/);
        assert(Number.isSafeInteger(size) && size >= 0);
      }
    }),
    { numRuns: 3000 },
  );
  assert(believed > 100, `the generator must also make believable records: ${believed}`);
});

Deno.test("names of outputs: 2,000 joins of hostile parts never lead out of a folder", () => {
  const part = fc.constantFrom(
    "..",
    ".",
    "",
    "a",
    "..a",
    "a..",
    "%2e%2e",
    "~",
    "C:",
    "\\",
    "\0",
    "\n",
    "é",
    "\ud800",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.constantFrom("/", "\\", "//"), (parts, separator) => {
      const name = parts.join(separator);
      if (!isOutputName(name)) return;
      const depth: string[] = [];
      for (const step of name.split(/[/\\]/)) {
        assert(step !== ".." && step !== "." && step !== "");
        depth.push(step);
      }
      assert(depth.length > 0 && !name.startsWith("/") && !/[\0\n]/.test(name) && name.isWellFormed());
    }),
    { numRuns: 2000 },
  );
});

Deno.test("of 1,000 damaged answers each is the right result or a miss with a reason, and no stray file is left", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  const wire = (body: string) =>
    new TextEncoder().encode(
      `HTTP/1.1 200 OK\r\nserver: x\r\ncontent-type: application/octet-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  using store = await Store.open(folder.path);
  const blob = `cas/${sha256(BODY)}`;
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(damage, { minLength: 1, maxLength: 2 }),
      async (isRecord, damages) => {
        server.faultOf = ({ path }) => {
          const isHit = path.startsWith("ac/") === isRecord;
          const answer = wire(path.startsWith("ac/") ? seal(RECORD) : BODY);
          return (write) => write(isHit ? damages.reduce(apply, answer) : answer);
        };
        // The server hangs up after each answer, so a length that promises too much is a cut-off, not a wait.
        const remote = new RemoteCache({ url: server.url, readOnly: false, patienceMs: 5000 });
        const found = await remote.fetch(KEY, MAKE, store, NEVER);
        if (found.record) {
          hits++;
          assert.deepEqual(found.record, RECORD);
          assert.equal(Deno.readTextFileSync(store.blobPath(sha256(BODY))), BODY);
          Deno.removeSync(store.recordPath(KEY));
        } else assert.notEqual(found.problem, "");
        for (const name of Deno.readDirSync(`${folder.path}/cas`)) {
          assert.equal(`cas/${name.name}`, blob);
          Deno.removeSync(`${folder.path}/${blob}`);
        }
        for (const name of ["ac", "tmp", "work"]) {
          assert.deepEqual([
            ...Deno.readDirSync(`${folder.path}/${name}`),
          ], []);
        }
      },
    ),
    { numRuns: 1000 },
  );
  assert(hits > 10, `some damage, as to the name of a header, changes nothing: ${hits}`);
});
