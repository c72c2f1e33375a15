import assert from "node:assert/strict";
import { BACKEND_NAMES, BACKENDS, DEFAULT_BACKEND, usableBackend } from "../../pipeline/engine/backends.ts";
import { openEngine } from "./engines.ts";

/** What `open_backend.ts` prints of a back end in a process that may read files, and what else is asked for. */
async function opened(name: string, ...permissions: string[]) {
  const script = new URL("./open_backend.ts", import.meta.url).pathname;
  const flags = ["--no-check", "--no-prompt", "--allow-read", "--allow-env", ...permissions];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, script, name],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

for (const name of BACKEND_NAMES) {
  Deno.test(`the ${name} engine opens under its name, with no more permissions than the table says`, async () => {
    const engine = await openEngine(name);
    assert.equal(engine.name, name);
    engine.dispose();
    const flags = BACKENDS[name].permissions.ffi ? ["--allow-ffi"] : [];
    assert.deepEqual(await opened(name, ...flags), { name });
  });
}

Deno.test("without leave to load its library the native engine is refused, and the portable one stands in with a notice", async () => {
  assert.equal(DEFAULT_BACKEND, "native");
  const { name, notice, refusal } = await opened("native");
  assert.equal(name, "portable");
  assert.match(notice, /the native one cannot be used here: .*ffi/);
  assert.match(refusal, /^Cannot use the native engine: .*ffi/);
});

Deno.test("a back end that is usable needs no notice", async () => {
  for (const name of BACKEND_NAMES) assert.deepEqual(await usableBackend(name), { name });
});

Deno.test("the table of back ends loads neither tfjs nor a back end", async () => {
  const table = new URL("../../pipeline/engine/backends.ts", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", table] }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { specifier: string; dependencies?: { code?: unknown; isDynamic?: boolean }[] }[];
  };
  const loaded = modules.filter(({ specifier }) => specifier.includes("/engine/"));
  console.log(loaded.map(({ specifier }) => specifier));
});
