import assert from "node:assert/strict";
import { temporaryFolder } from "../store/temporary.ts";
import { jsonLines, toy } from "./toy.ts";

Deno.test("ls lists reports by what it is asked for, for people and for programs", async () => {
  await using folder = await temporaryFolder();
  for (const [name, loss] of [["first", 120], ["second", 98.314]] as const) {
    await Deno.mkdir(`${folder.path}/reports/${name}`, { recursive: true });
    const spec = {
      name,
      seed: 1,
      dataset: { name: "mnist" },
      model: { architecture: "dense", latentSize: 2 },
      training: { epochs: 3 },
    };
    await Deno.writeTextFile(`${folder.path}/reports/${name}/spec.json`, JSON.stringify(spec));
    const metrics = { test: { loss, reconstruction: loss - 20, kl: 20 } };
    await Deno.writeTextFile(`${folder.path}/reports/${name}/metrics.json`, JSON.stringify(metrics));
    await Deno.utime(`${folder.path}/reports/${name}/spec.json`, loss, loss);
  }
  const names = async (...args: string[]) =>
    jsonLines((await toy(folder.path, "ls", "--json", "--reports=reports", ...args)).stdout).map(({ name }) =>
      name
    );
  assert.deepEqual(await names(), ["first", "second"]);
  assert.deepEqual(await names("--sort", "loss"), ["second", "first"]);
  assert.deepEqual(await names("--sort", "name"), ["first", "second"]);

  const { stdout } = await toy(folder.path, "ls", "--sort=loss", "--reports=reports");
  const [head, best] = stdout.split("\n").map((line) => line.split(/ {2,}/));
  assert.deepEqual(head!.slice(0, 6), ["NAME", "DATA", "MODEL", "EPOCHS", "TEST LOSS", "RECONSTR."]);
  assert.deepEqual(best!.slice(0, 7), ["second", "mnist", "dense 2", "3", "98.31", "78.31", "20.00"]);

  await Deno.writeTextFile(`${folder.path}/reports/first/metrics.json`, '{"test":{"loss":"<b>"}}');
  const damaged = await toy(folder.path, "ls", "--reports=reports");
  assert.equal(damaged.code, 0);
  assert.match(damaged.stdout, /^second /m);
  assert.match(damaged.stderr, /^note: 1 report cannot be read: first\n {2}Next: run what made them again/m);

  const none = await toy(folder.path, "ls", "--reports=none");
  assert.match(none.stdout, /There are no reports in .*none\. Next: deno task run/);
});
