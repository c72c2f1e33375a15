import assert from "node:assert/strict";
import process from "node:process";
import { isOfUse } from "../../pipeline/base/package_files.ts";

Deno.test("of a package's files those of other systems, and source maps, are of no use", () => {
  const own = `${process.platform}/${process.arch}`;
  const library = (place: string) => `onnxruntime-node/bin/napi-v6/${place}/libonnxruntime.so.1`;
  for (
    const path of [library(own), "package.json", "map.js", "dist/tf.node.js", "lib/linux.js", "linux/arm.js"]
  ) {
    assert(isOfUse(path), path);
  }
  const others = ["linux/x64", "linux/arm64", "darwin/x64", "darwin/arm64", "win32/x64", "win32/arm64"]
    .filter((place) => place !== own);
  for (const path of [...others.map(library), "dist/tf.node.js.map", "index.d.ts.map", "mod.min.map"]) {
    assert(!isOfUse(path), path);
  }
});
