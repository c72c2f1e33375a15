/** A file that says from which line of which source a script, a style sheet or a declaration was made. */
const SOURCE_MAP = /\.(js|ts|css|min)\.map$/;
/** A path into a folder for one system and one processor. */
const OF_A_SYSTEM = /(?:^|\/)(linux|darwin|win32)\/(x64|arm64)\//;

/** This system by the name that Node, and so packages, have for it; undefined where we know of none. */
export const SYSTEM = { linux: "linux", darwin: "darwin", windows: "win32" }[Deno.build.os as string];
/** Its processor, likewise. */
export const PROCESSOR = { x86_64: "x64", aarch64: "arm64" }[Deno.build.arch];

/**
 * Whether this system can use a file of an npm package: source maps, and libraries of other systems, are two thirds of
 * what packages hold.
 *
 * @param path within the package, with `/`
 */
export function isOfUse(path: string): boolean {
  if (SOURCE_MAP.test(path)) return false;
  const [, system, processor] = OF_A_SYSTEM.exec(path) ?? [];
  return system === undefined || system === SYSTEM && processor === PROCESSOR;
}
