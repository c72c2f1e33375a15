/** Measures nothing: pictures have no measures beside those of all data. */
export function measure(): Promise<Record<string, never>> {
  return Promise.resolve({});
}
