/**
 * The file of a path that is walked there and back.
 * @param {ImageData[]} frames @param {number} milliseconds that each is shown
 * @returns {Promise<import("./explorer.js").SavedFile>}
 */
export async function walkedFile(frames, milliseconds) {
  const whole = [...frames, ...frames.slice(1, -1).reverse()];
  return [await animatedPng(whole, milliseconds), "path.png", "image/png"];
}

/**
 * Frames as an animated PNG that repeats for ever (PNG, third edition, section 11.3.6: fcTL and fdAT).
 *
 * @param {ImageData[]} frames of one size
 * @param {number} milliseconds that each is shown
 */
async function animatedPng(frames, milliseconds) {
  const [{ width, height }] = frames;
  const parts = [Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10)];
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  header.setUint8(9, 6); // RGBA
  parts.push(chunk("IHDR", header), chunk("acTL", words(frames.length, 0)));
  let sequence = 0;
  for (const [i, frame] of frames.entries()) {
    const control = new DataView(new ArrayBuffer(26));
    [sequence++, width, height, 0, 0].forEach((word, at) => control.setUint32(4 * at, word));
    control.setUint16(20, milliseconds);
    control.setUint16(22, 1000);
    parts.push(chunk("fcTL", control));
    const data = await deflated(frame);
    if (i === 0) parts.push(chunk("IDAT", data));
    else parts.push(chunk("fdAT", words(sequence++), data));
  }
  parts.push(chunk("IEND"));
  return new Blob(parts, { type: "image/png" });
}

function words(...numbers) {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => view.setUint32(4 * i, number));
  return view;
}

/** Rows of pixels, each after a 0: it is not filtered. */
async function deflated({ width, height, data }) {
  const rows = new Uint8Array(height * (1 + 4 * width));
  for (let y = 0; y < height; y++) {
    rows.set(data.subarray(4 * width * y, 4 * width * (y + 1)), y * (1 + 4 * width) + 1);
  }
  const stream = new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(type, ...contents) {
  const bytes = contents.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  const length = bytes.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(12 + length), view = new DataView(whole.buffer);
  view.setUint32(0, length);
  whole.set(new TextEncoder().encode(type), 4);
  let at = 8;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  view.setUint32(at, crc(whole.subarray(4, at)));
  return whole;
}

/** The checksum of a chunk (PNG, annex D). */
function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}
