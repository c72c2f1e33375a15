import assert from "node:assert/strict";
import { ROOT } from "./graph/toy_project.ts";

/** Git is missing, or this is no checkout. */
const ignore = !await new Deno.Command("git", { args: ["-C", ROOT, "rev-parse", "--git-dir"] }).output()
  .then(({ success }) => success, () => false);

Deno.test({
  name: "every checkout has the same line ends, since files are part of keys byte by byte",
  ignore,
  fn: async () => {
    const files = ["pipeline/report/style.css", "pipeline/report/paper/paper.json", "pipeline/main.ts"];
    const { stdout } = await new Deno.Command("git", {
      args: ["-C", ROOT, "check-attr", "eol", "--", ...files],
    }).output();
    const attributes = new TextDecoder().decode(stdout).trim().split("\n");
    assert.deepEqual(attributes, files.map((file) => `${file}: eol: lf`));
  },
});
