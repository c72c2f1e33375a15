import { writeTogether } from "../../../pipeline/commands/sample/write_together.ts";

/** Writes files of one letter each to a folder, round after round, until it is killed: `write_forever.ts FOLDER`. */
const [folder] = Deno.args as [string];
for (let round = 0;; round++) {
  const bytes = new Uint8Array(40_000).fill(97 + round % 26);
  const files = Array.from({ length: 50 }, (_, i) => ({ name: `${i}.mid`, bytes }));
  await writeTogether(folder, files);
  console.log(round);
}
