import { crc32, deflateRawSync } from "node:zlib";

/** A ZIP archive (PKWARE's APPNOTE 6.3, without ZIP64). @param claims replaces what is said of a size */
export function zip(
  members: Readonly<Record<string, Uint8Array>>,
  { deflated = false, claims = (size: number) => size }: {
    deflated?: boolean;
    claims?(size: number): number;
  } = {},
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(members)) {
    const data = deflated ? deflateRawSync(bytes) : bytes;
    const nameBytes = new TextEncoder().encode(name);
    const common = [
      u16(20),
      u16(0),
      u16(deflated ? 8 : 0),
      u16(0),
      u16(0x21),
      u32(crc32(bytes)),
      u32(data.length),
      u32(claims(bytes.length)),
      u16(nameBytes.length),
      u16(0),
    ];
    const local = [u32(0x04034b50), ...common, nameBytes, data];
    directory.push(
      u32(0x02014b50),
      u16(20),
      ...common,
      u16(0),
      u16(0),
      u16(0),
      u32(0),
      u32(offset),
      nameBytes,
    );
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = u16(Object.keys(members).length);
  return joined([
    ...parts,
    ...directory,
    u32(0x06054b50),
    u16(0),
    u16(0),
    count,
    count,
    u32(size),
    u32(offset),
    u16(0),
  ]);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
