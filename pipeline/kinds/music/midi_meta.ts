/** The type of the meta event that ends a track. */
export const END_OF_TRACK = 0x2f;
// Types of other meta events.
const NAME = 0x03;
const TEMPO = 0x51;
const TIME_SIGNATURE = 0x58;
const KEY_SIGNATURE = 0x59;

const LENGTHS: Readonly<Record<number, readonly [what: string, bytes: number]>> = {
  0x00: ["a sequence number", 2],
  0x20: ["a channel prefix", 1],
  0x21: ["a port prefix", 1],
  [END_OF_TRACK]: ["an end-of-track event", 0],
  [TEMPO]: ["a tempo", 3],
  0x54: ["an SMPTE offset", 5],
  [TIME_SIGNATURE]: ["a time signature", 4],
  [KEY_SIGNATURE]: ["a key signature", 2],
};
const LONGEST_NAME = 1000; // in bytes; `@tonejs/midi` overflows the stack on very long ones

/** Whether a meta event belongs into a score; a sentence where it would, but is not as the standard has it. */
export function judgeMeta(type: number, data: Uint8Array): boolean | { readonly oddity: string } {
  const [what, length] = LENGTHS[type] ?? ["a meta event", data.length];
  if (data.length !== length) return { oddity: `${what} has the wrong length, and is passed over` };
  const [first, second] = data;
  const unless = (odd: boolean) => !odd || { oddity: `${what} is impossible, and is passed over` };
  switch (type) {
    case NAME:
      return data.length <= LONGEST_NAME;
    case TEMPO:
      return unless(data.every((byte) => byte === 0));
    case TIME_SIGNATURE:
      return unless(first === 0 || second! > 6);
    case KEY_SIGNATURE:
      return unless(((first! + 7) & 0xff) > 14 || second! > 1);
    default:
      return false;
  }
}
