export function compare(a: number, b: number): number {
  return a * 7 % 5 - b * 7 % 5;
}
