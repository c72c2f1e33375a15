import assert from "node:assert/strict";
import { reportedPath } from "../../../pipeline/datasets/sources/reported_path.ts";

Deno.test("a report has the way from its folder, and never the name of a user or of a disk", () => {
  const cases: [folder: string, path: string, reported: string][] = [
    ["/home/ann/vae/reports/own", "/home/ann/vae/data/midi", "../../data/midi"],
    ["/home/ann/vae/reports/own", "/home/ann/midi", "../../../midi"],
    ["/home/ann/vae/reports/own", "/home/bob/midi", "midi"],
    ["/home/ann/vae/reports/own", "/media/ann/midi", "midi"],
    ["/Users/ann/vae/reports/own", "/Users/bob/midi", "midi"],
    ["/srv/vae/reports/own", "/home/ann/midi", "midi"],
    ["/srv/vae/reports/own", "/srv/data/midi", "../../../data/midi"],
    ["/srv/vae/reports/own", "/srv/vae/reports/own", "."],
  ];
  for (const [folder, path, reported] of cases) assert.equal(reportedPath(folder, path), reported);
});
