import assert from "node:assert/strict";
import { BACKEND_NAMES, BACKENDS, DEFAULT_BACKEND, usableBackend } from "../../pipeline/engine/backends.ts";
import type { Backend } from "../../pipeline/engine/backend.ts";
import { isThere, openEngine, testEngine } from "./engines.ts";

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
  testEngine(
    name,
    `the ${name} engine opens under its name, with no more permissions than the table says`,
    async () => {
      const engine = await openEngine(name);
      assert.equal(engine.name, name);
      engine.dispose();
      const { permissions }: Backend = BACKENDS[name];
      const flags = permissions.ffi ? ["--allow-ffi"] : [];
      assert.deepEqual(await opened(name, ...flags), { name });
    },
  );
}

Deno.test("without leave to load its library the native engine is refused, and the portable one stands in with a notice", async () => {
  assert.equal(DEFAULT_BACKEND, "native");
  const { name, notice, refusal } = await opened("native");
  assert.equal(name, "portable");
  assert.match(notice, /the native one cannot be used here: .*ffi/);
  assert.match(refusal, /^Cannot use the native engine: .*ffi/);
});

Deno.test("a back end that is usable needs no notice", async () => {
  for (const name of BACKEND_NAMES) {
    if (await isThere(name)) assert.deepEqual(await usableBackend(name), { name });
  }
});

/** Paths below `pipeline/engine/` that a module reaches, by imports that are executed with it. */
async function reached(module: URL): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", module.pathname] })
    .output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: {
      specifier: string;
      dependencies?: { code?: { specifier: string }; isDynamic?: boolean }[];
    }[];
  };
  const found = new Set<string>();
  const visit = (specifier: string): void => {
    if (found.has(specifier)) return;
    found.add(specifier);
    const { dependencies = [] } = modules.find((other) => other.specifier === specifier) ?? {};
    for (const { code, isDynamic } of dependencies) if (code && !isDynamic) visit(code.specifier);
  };
  visit(module.href);
  return [...found].flatMap((specifier) => specifier.split("/pipeline/engine/")[1] ?? []);
}

Deno.test("the table of back ends loads nothing of them but what it says of each", async () => {
  const table = new URL("../../pipeline/engine/backends.ts", import.meta.url);
  const said = BACKEND_NAMES.map((name) => `${name}/backend.ts`);
  assert.deepEqual(await reached(table), ["backends.ts", ...said]);
});

Deno.test("what stands in for a back end is one", () => {
  const all: Readonly<Record<string, Backend>> = BACKENDS;
  for (const { fallback } of Object.values(all)) assert(!fallback || Object.hasOwn(BACKENDS, fallback.name));
});

for (const name of BACKEND_NAMES) {
  Deno.test(`what opens the ${name} engine reaches no other back end and no optimiser`, async () => {
    const files = await reached(BACKENDS[name].module);
    assert.ok(files.includes(`${name}/open.ts`) && files.includes("tfjs.ts"));
    const others = BACKEND_NAMES.filter((other) => other !== name).map((other) => `${other}/`);
    const foreign = [...others, "backends.ts", "update/optimisers/"];
    assert.deepEqual(files.filter((file) => foreign.some((start) => file.startsWith(start))), []);
  });
}
