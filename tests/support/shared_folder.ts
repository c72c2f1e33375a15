/**
 * A folder for all tests of a file, gone when they have ended: what one of them has found out about code and types, the
 * next need not find out anew. Whoever calls it at the top of a file gets a function that gives the folder's path.
 */
export function sharedFolder(): () => string {
  let path: string | undefined;
  Deno.test.afterAll(() => {
    if (path !== undefined) Deno.removeSync(path, { recursive: true });
  });
  return () => path ??= Deno.makeTempDirSync({ prefix: "reparam-test-" });
}
