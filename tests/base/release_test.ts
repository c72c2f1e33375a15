import assert from "node:assert/strict";
import { dirname } from "node:path";
import { releaseAt } from "../../pipeline/base/release.ts";
import config from "../../deno.json" with { type: "json" };
import { temporaryFolder } from "../store/temporary.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const OTHER = "f".repeat(40);

/** What is read of a folder with these files. */
async function commitOf(files: Record<string, string>, root = ""): Promise<string | null> {
  await using folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    const path = `${folder.path}/${name}`;
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  return releaseAt(`${folder.path}/${root}`).commit;
}

Deno.test("the version is that of deno.json", () => {
  assert.match(config.version, /^\d+\.\d+\.\d+$/);
  assert.equal(releaseAt("/nowhere").version, config.version);
});

Deno.test("the commit is that of the branch, of packed references, or of HEAD itself", async () => {
  const head = "ref: refs/heads/some/branch\n";
  assert.equal(await commitOf({ ".git/HEAD": head, ".git/refs/heads/some/branch": `${COMMIT}\n` }), COMMIT);
  const packed =
    `# pack-refs with: peeled\n${OTHER} refs/heads/branch\n${COMMIT} refs/heads/some/branch\n^${OTHER}\n`;
  assert.equal(await commitOf({ ".git/HEAD": head, ".git/packed-refs": packed }), COMMIT);
  assert.equal(await commitOf({ ".git/HEAD": `${COMMIT}\n` }), COMMIT);
});

Deno.test("a worktree has a HEAD of its own, and its branches where the main checkout has them", async () => {
  const files = {
    "main/.git/HEAD": `${OTHER}\n`,
    "main/.git/refs/heads/side": `${COMMIT}\n`,
    "main/.git/worktrees/side/HEAD": "ref: refs/heads/side\n",
    "main/.git/worktrees/side/commondir": "../..\n",
    "side/.git": "gitdir: ../main/.git/worktrees/side\n",
  };
  assert.equal(await commitOf(files, "side"), COMMIT);
  assert.equal(await commitOf(files, "main"), OTHER);
});

Deno.test("no commit is made up: outside of a checkout, before the first commit, or where Git's files are damaged", async () => {
  assert.equal(await commitOf({}), null);
  assert.equal(await commitOf({ ".git/HEAD": "ref: refs/heads/main\n" }), null);
  assert.equal(await commitOf({ ".git/HEAD": "no such thing\n" }), null);
  assert.equal(await commitOf({ ".git": "gitdir: elsewhere\n" }), null);
});
