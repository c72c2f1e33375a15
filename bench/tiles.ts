import { basename, extname, join } from "node:path";
import { decodeJpeg } from "../pipeline/formats/jpeg.ts";
import { encodePng } from "../pipeline/formats/png.ts";

/**
 * Cuts photographs into square tiles, a folder for each photograph, to have a thousand colour pictures at hand:
 *
 *     apt-get download mate-backgrounds && dpkg-deb -x mate-backgrounds_*.deb mate
 *     deno run -A bench/tiles.ts mate/usr/share/backgrounds/mate/nature data/tiles 160
 */

const [from, to, side] = [Deno.args[0]!, Deno.args[1]!, Number(Deno.args[2] ?? 160)];
let tiles = 0;
for (const { name } of [...Deno.readDirSync(from)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  if (!/\.jpe?g$/i.test(name)) continue;
  const { width, height, pixels } = decodeJpeg(Deno.readFileSync(join(from, name)), name);
  const folder = join(to, basename(name, extname(name)).toLowerCase());
  Deno.mkdirSync(folder, { recursive: true });
  for (let top = 0; top + side <= height; top += side) {
    for (let left = 0; left + side <= width; left += side) {
      const tile = new Uint8Array(side * side * 3);
      for (let i = 0; i < tile.length; i++) {
        const pixel = Math.floor(i / 3);
        const at = (top + Math.floor(pixel / side)) * width + left + pixel % side;
        tile[i] = pixels[4 * at + i % 3]!;
      }
      const png = encodePng({ width: side, height: side, channels: 3, pixels: tile });
      Deno.writeFileSync(join(folder, `${String(tiles++).padStart(4, "0")}.png`), png);
    }
  }
}
console.log(`${tiles} tiles of ${side} x ${side} pixels`);
