import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { fileURLToPath } from "node:url";
import { privateKey, publicHalf } from "../../../pipeline/store/signature.ts";
import { answer, CacheServer, hang } from "../../store/cache_server.ts";
import { temporaryFolder } from "../../store/temporary.ts";
import { here } from "../here.ts";
import type { Finished } from "../toy.ts";
import { TOY_PROJECT, TOY_VERBS } from "../toy_project.ts";

const TOY_MAIN = fileURLToPath(new URL("../toy_main.ts", import.meta.url));
const TOKEN = "T0k3n-that-nobody-may-see";

/**
 * Runs a command line in a folder with a toy spec, with a store and reports below it.
 *
 * @param env variables of its environment: it has a process of its own then
 */
async function toy(
  folder: string,
  store: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  await Deno.writeTextFile(`${folder}/toy.json`, "{}");
  const places = [`--artifacts=${folder}/${store}`, `--reports=${folder}/${store}-reports`];
  const commandLine = ["run", `${folder}/toy.json`, ...places, ...args];
  if (Object.keys(env).length === 0) return await here(commandLine, TOY_PROJECT, TOY_VERBS);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", TOY_MAIN, ...commandLine],
    env: { NO_COLOR: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

Deno.test("a new store fetches what another one made: nothing is executed, and credentials stand nowhere", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  server.faultOf = ({ authorization }) =>
    authorization === `Bearer ${TOKEN}` ? undefined : answer("401 Unauthorized");
  const remote = `--remote=${server.url}`;
  const secret = { REPARAM_REMOTE_TOKEN: TOKEN };

  const first = await toy(folder.path, "first", [remote], secret);
  assert.deepEqual([first.code, server.files.size], [0, 3 + 4 + 0]);
  assert.match(first.stdout, /3 stages executed/);

  const planned = await toy(folder.path, "second", ["--dry-run"], {
    ...secret,
    REPARAM_REMOTE: server.url.href,
  });
  assert.match(planned.stdout, /(cached remotely[^]*){3}/);
  const frozenAlone = await toy(folder.path, "second", ["--frozen"]);
  assert.deepEqual([frozenAlone.code, frozenAlone.stdout], [1, ""]);
  assert.match(
    frozenAlone.stderr,
    /3 stages would have to run, and --frozen forbids it\n.*toy make: it never ran/,
  );

  const second = await toy(folder.path, "second", ["--frozen", "--remote-read-only", remote], secret);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /Everything was cached: nothing was executed, 3 stages fetched/);
  assert.match(second.stderr, /make +fetched from the remote cache/);
  assert.deepEqual(
    await Deno.readFile(`${folder.path}/second-reports/toy/index.html`),
    await Deno.readFile(`${folder.path}/first-reports/toy/index.html`),
  );
  const third = await toy(folder.path, "second", ["--frozen", "--json"]);
  assert.match(third.stdout, /"executed":0,"cached":3,"fetched":0/);

  for (const { stdout, stderr } of [first, planned, second]) assert(!`${stdout}${stderr}`.includes(TOKEN));
  for (const path of filesBelow(folder.path)) {
    const text = Deno.readTextFileSync(path);
    assert(!text.includes(TOKEN) && !text.includes(btoa(TOKEN)), path);
  }
});

Deno.test("where the server is no help the stages run, and the reason is said", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  for (
    const [i, [fault, reason]] of ([
      [answer("401 Unauthorized"), /make +note: the remote cache was of no use: it answered 401/],
      [answer("200 OK", "garbage"), /make +note: the remote cache was of no use: its record is damaged/],
      [() => {}, /make +note: the remote cache was of no use: it cut the connection off/],
      [hang, /make +note: the remote cache was of no use: it did not answer within 5 s/],
    ] as const).entries()
  ) {
    server.faultOf = ({ method }) => method === "GET" ? fault : answer("500 Oh");
    const { code, stdout, stderr } = await toy(folder.path, `store-${i}`, [`--remote=${server.url}`]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /3 stages executed/);
    assert.match(stderr, reason);
    assert.match(
      stderr,
      /3 results could not be sent to the remote cache:\n( +\w+: it (answered 500|is left alone.*)\n){3}/,
    );
  }
  server.faultOf = () => undefined;
  await toy(folder.path, "store-0", [`--remote=${server.url}`]);
  assert.equal(server.files.size, 7); // what could not be sent then is sent now
});

Deno.test("a frozen run fails where the server says it has a result and then does not give it", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  await toy(folder.path, "first", [`--remote=${server.url}`]);
  server.faultOf = ({ path }) => path.startsWith("cas/") ? answer("500 Oh") : undefined;
  const { code, stderr } = await toy(folder.path, "second", ["--frozen", `--remote=${server.url}`]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /was of no use: it answered 500[^]*1 stage would have to run, and --frozen forbids it/,
  );
});

Deno.test("addresses that cannot be used are refused, without showing what may be a password", async () => {
  await using folder = await temporaryFolder();
  for (
    const [url, message, env] of [
      [
        "http://ann:pa55word@cache.example/",
        /cache.example: its URL holds credentials.*\n.*REPARAM_REMOTE_USER/,
        {},
      ],
      ["ftp://ann@cache.example/", /its URL holds credentials/, {}],
      ["file:///etc", /file: is not http: or https:/, {}],
      ["pa55word@:no url", /its URL is not valid/, {}],
      ["http://cache.example/?token=pa55word", /may have no query/, {}],
      ["http://cache.example/", /REPARAM_REMOTE_TOKEN: it holds/, {
        REPARAM_REMOTE_TOKEN: "pa55word\r\nx: y",
      }],
      ["http://cache.example/", /TOKEN together with/, {
        REPARAM_REMOTE_TOKEN: "pa55word",
        REPARAM_REMOTE_USER: "ann",
      }],
      ["http://cache.example/", /PASSWORD without/, { REPARAM_REMOTE_PASSWORD: "pa55word" }],
    ] as const
  ) {
    const { code, stdout, stderr } = await toy(folder.path, "store", [`--remote=${url}`], env);
    assert.deepEqual([code, stdout], [2, ""], url);
    assert.match(stderr, message);
    assert(!stderr.includes("pa55word"), stderr);
  }
});

Deno.test("--remote-key: main signs, a pull request checks without a secret and sends nothing, and strangers are refused", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  const remote = `--remote=${server.url}`;
  const der = btoa(String.fromCharCode(
    ...generateKeyPairSync("ed25519", {
      privateKeyEncoding: { format: "der", type: "pkcs8" },
      publicKeyEncoding: { format: "der", type: "spki" },
    }).privateKey as unknown as Uint8Array,
  ));
  const key = publicHalf(privateKey(der)!);
  const first = await toy(folder.path, "first", [remote, `--remote-key=${key}`], {
    REPARAM_REMOTE_SECRET: der,
  });
  assert.match(first.stdout, /3 stages executed/);
  const sent = server.files.size;

  const pull = await toy(folder.path, "pull", [remote, "--frozen"], { REPARAM_REMOTE_KEY: key });
  assert.match(pull.stdout, /nothing was executed, 3 stages fetched/);
  const changed = await toy(folder.path, "pull", [remote, "--set=count=9"], { REPARAM_REMOTE_KEY: key });
  assert.match(changed.stdout, /3 stages executed/);
  assert.equal(server.files.size, sent);

  const hmac = { REPARAM_REMOTE_SECRET: "a shared secret of some length" };
  const stranger = await toy(folder.path, "stranger", [remote, "--remote-key=hmac"], hmac);
  assert.match(stranger.stdout, /3 stages executed/);
  assert.match(
    stranger.stderr,
    /the remote cache was of no use: its record is signed by no key that is trusted/,
  );

  const refused = async (args: string[], env: Record<string, string>, reason: RegExp) => {
    const { code, stderr } = await toy(folder.path, "stranger", args, env);
    assert.equal(code, 2, stderr);
    assert.match(stderr, reason);
    for (const secret of Object.values(env)) assert(!stderr.includes(secret));
  };
  await refused([remote], hmac, /it is not said what it is for/);
  await refused([remote, "--remote-key=hmac"], { REPARAM_REMOTE_SECRET: "short!" }, /16 characters or more/);
  await refused([remote, "--remote-key=abc"], {}, /neither hmac nor an Ed25519 public key/);
  await refused([remote, `--remote-key=${key}`], hmac, /holds no Ed25519 private key/);
  await refused([`--remote-key=${key}`], {}, /there is no remote cache/);
  const other = btoa("\x01" + "\0".repeat(31));
  await refused(
    [remote, `--remote-key=${other}`],
    { REPARAM_REMOTE_SECRET: der },
    /none of the keys that are trusted/,
  );
});
