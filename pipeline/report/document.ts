import { createHash } from "node:crypto";
import { ON_DARK } from "../figures/drawing/theme.ts";
import { type Markup, markup, trusted } from "./markup.ts";

/** What a page is made of. */
export interface DocumentParts {
  readonly title: string;
  readonly style: string;
  /** Run at the end of the page, and no other script is. */
  readonly script?: string;
  /** What the script reads, by the ids of the elements that hold it as JSON. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly body: Markup;
  /** Whether sounds are inside, too. */
  readonly sounds?: boolean;
}

/**
 * Renders one HTML file that loads nothing: style, script and figures are inside, and all links are relative, so that
 * it works from a disk. The policy in its head holds it to that.
 */
export function renderDocument(
  { title, style, script, data = {}, body, sounds = false }: DocumentParts,
): string {
  const policy = [
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    ...(sounds ? ["media-src data:"] : []),
    // The clock of a player is a worker that its script makes from text.
    ...(script
      ? [`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'; worker-src blob:`]
      : []),
  ].join("; ");
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<title>${title} · Reparam</title>
<style>${trusted(style + darkFigures())}</style>
</head>
<body>
${body}${
    Object.entries(data).map(([id, value]) =>
      markup`
<script type="application/json" id="${id}">${
        trusted(JSON.stringify(value).replaceAll("<", "\\u003c"))
      }</script>`
    )
  }${
    script && markup`
<script>${trusted(script)}</script>`
  }
</body>
</html>
`.toString();
}

/** Links to the sections of a page. */
export function contents(sections: readonly { readonly id: string; readonly title: string }[]): Markup {
  return markup`<nav aria-label="Contents"><ul>${
    sections.map(({ id, title }) =>
      markup`
<li><a href="#${id}">${title}</a></li>`
    )
  }
</ul></nav>`;
}

/** Colours of drawings inside a dark page; on paper they stay as they are. */
function darkFigures(): string {
  const rules = Object.entries(ON_DARK).flatMap(([light, dark]) =>
    ["fill", "stroke"].map((paint) =>
      `:is(figure > svg, .swatch, .key > svg) [${paint}="${light}"] { ${paint}: ${dark}; }`
    )
  );
  return `\n@media screen and (prefers-color-scheme: dark) {\n${rules.join("\n")}\n}\n`;
}
