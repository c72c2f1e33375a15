/**
 * Divides a drawing of piano rolls into one drawing for each roll, so that pages may break between them: a dozen rolls
 * are taller than any page. The first keeps the words for those who do not see it. Any other drawing stays as it is.
 *
 * @param svg rows of a title and a `g.roll` each (`pianoRoll`)
 */
export function separateRolls(svg: string): string {
  const [head, ...rows] = svg.split(/(?=<text [^>]*>[^<]*<\/text><g [^>]*class="roll")/);
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(head!) ?? [];
  if (rows.length < 2 || width === undefined) return svg;
  const tops = rows.map(titleTop);
  const window = (i: number) => {
    const bottom = tops[i + 1] ?? Number(height);
    return `viewBox="0 ${tops[i]} ${width} ${Number((bottom - tops[i]!).toFixed(2))}"`;
  };
  const whole = /(?: height="[^"]*"| width="[^"]*")+ viewBox="[^"]*"/;
  const [root] = /^<svg [^>]*>/.exec(head!)!;
  const bare = root.replace(/ aria-labelledby="[^"]*"/, "").replace(' role="img"', ' aria-hidden="true"');
  return rows.map((row, i) => {
    const opening = (i === 0 ? head! : bare).replace(whole, () => ` ${window(i)}`);
    return `${opening}${row.replace(/<\/svg>\s*$/, "")}</svg>\n`;
  }).join("");
}

/** Where the line of a row's title begins, in units of the drawing. */
function titleTop(row: string): number {
  const number = (attribute: string) => Number(new RegExp(` ${attribute}="([\\d.]+)"`).exec(row)?.[1]);
  return Number((number("y") - number("font-size")).toFixed(2));
}
