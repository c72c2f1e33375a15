/** An address as it may be printed and kept: people put passwords before the host, and tokens behind the path. */
export function shownAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
