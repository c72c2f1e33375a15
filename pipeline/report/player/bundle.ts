import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

const PLAYER = new URL("./player.js", import.meta.url);

const NOTICE = "/* Holds Tone.js (https://tonejs.github.io) and standardized-audio-context, both under the " +
  "MIT licence. */";

/** The player and all that it needs as one script that loads nothing. The same versions give the same bytes. */
export async function bundlePlayer(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(PLAYER)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    banner: { js: NOTICE },
  });
  await stop();
  return outputFiles[0]!.text;
}
