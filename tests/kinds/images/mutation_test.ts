import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../../store/temporary.ts";

/** 5,000 in `deno task torture`. */
const CASES = Number(Deno.env.get("PICTURES") ?? 500);

Deno.test(`${CASES} damaged pictures and arrays are read or refused in words, without a hang, a crash or gigabytes`, async () => {
  await using folder = await temporaryFolder();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      fileURLToPath(new URL("./read_mutants.ts", import.meta.url)),
      folder.path,
      "0",
      String(CASES),
    ],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const { read, refused, most } = JSON.parse(new TextDecoder().decode(stdout));
  assert.equal(read + refused, CASES);
  assert(read > CASES / 50 && refused > CASES / 3, `${read} read, ${refused} refused`);
  assert(most < 5e8, `${most} bytes`);
});
