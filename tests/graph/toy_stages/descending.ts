export function compare(a: number, b: number): number {
  return b - a;
}
