import { FileDigests } from "../../pipeline/store/digests.ts";

/** Digests a file as the store does, and tells how much was read and the most memory that it took. */
const [path, memo] = Deno.args as [string, string];
const digests = new FileDigests(memo);
const digest = await digests.digest(path);
digests.save(`${memo}.aside`);
const peak = /VmHWM:\s+(\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
console.log(JSON.stringify({ digest, bytesRead: digests.bytesRead, peakBytes: Number(peak) * 1024 }));
