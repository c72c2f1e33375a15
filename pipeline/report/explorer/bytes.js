/** @param {string} base64 */
export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** @param {string} base64 of deflated bytes */
export async function inflated(base64) {
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @type {Float32Array | undefined} */
let table;

/** Numbers of 16 bits (IEEE 754 binary16), little-endian, as float32. @param {Uint8Array} bytes */
export function fromFloat16(bytes) {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    const sign = bits >> 15 ? -1 : 1, exponent = bits >> 10 & 31, fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
  const result = new Float32Array(bytes.length / 2);
  for (let i = 0; i < result.length; i++) result[i] = table[bytes[2 * i] | bytes[2 * i + 1] << 8];
  return result;
}
