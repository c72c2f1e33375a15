import { FormatError } from "../../../pipeline/formats/format_error.ts";
import { UserError } from "../../../pipeline/base/errors.ts";
import { openArray } from "../../../pipeline/kinds/images/arrays/array_file.ts";
import { decodePicture } from "../../../pipeline/kinds/images/pictures/decode.ts";
import { mutant } from "./mutants.ts";

/**
 * Reads mutants in a process of its own, and says how many were read, how many refused, and how much memory it took.
 * An error that is not meant for a user ends it. Arguments: a folder to write to, the first and the last number.
 */

const [folder, from, to] = [Deno.args[0]!, Number(Deno.args[1]), Number(Deno.args[2])];
const format = { size: [8, 8], fit: "crop", colour: "rgb", background: [0, 0, 0] } as const;
const before = Deno.memoryUsage().rss;
let [read, refused, most] = [0, 0, 0];

for (let number = from; number < to; number++) {
  const { kind, bytes } = mutant(number);
  try {
    const isRead = kind === "picture" ? readPicture(bytes) : await readArray(bytes);
    if (isRead) read++;
    else refused++;
  } catch (cause) {
    throw new Error(`mutant ${number}`, { cause });
  }
  most = Math.max(most, Deno.memoryUsage().rss - before);
}
console.log(JSON.stringify({ read, refused, most }));

function readPicture(bytes: Uint8Array): boolean {
  const decoded = decodePicture(bytes, format);
  if ("reason" in decoded) {
    if (!/^[a-z0-9][^\n]{3,200}$/i.test(decoded.reason)) throw new Error(`the reason is ${decoded.reason}`);
    return false;
  }
  return decoded.example.length === 8 * 8 * 3;
}

async function readArray(bytes: Uint8Array): Promise<boolean> {
  Deno.writeFileSync(`${folder}/array`, bytes);
  try {
    const isArchive = bytes[0] === 0x50;
    const array = await openArray(isArchive ? "array#x" : "array", () => `${folder}/array`);
    let rows = 0;
    for await (const block of array.blocks()) rows += block.rows;
    return rows === array.shape[0];
  } catch (error) {
    if (error instanceof FormatError || error instanceof UserError) return false;
    throw error;
  }
}
