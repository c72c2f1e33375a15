/** Text that is already HTML. Everything else that enters `markup` is escaped. */
export class Markup {
  /** Text that is HTML already. */
  constructor(readonly text: string) {}
  /** The HTML. */
  toString(): string {
    return this.text;
  }
}

/** What may stand in a template. */
export type Content = string | number | null | undefined | false | Markup | readonly Content[];

/**
 * Makes HTML of a template whose values are escaped, so that no title, class name or licence can add markup. Lists are
 * joined; null, undefined and false are nothing.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + render(values[i - 1]) + part));
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return "";
  if (content instanceof Markup) return content.text;
  if (Array.isArray(content)) return content.map(render).join("");
  return escape(String(content));
}

/**
 * Text that is safe as HTML, also inside a quoted attribute. HTML has no control characters beside line break and tab.
 */
function escape(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** Takes HTML as it is that was made by a program of ours: a drawing's SVG. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/**
 * An address that a dataset or a spec names, as a link; plain text where it is not http or https
 * (`javascript:` would run).
 */
export function externalLink(address: string, words: string = address): Markup {
  if (!/^https?:\/\//i.test(address)) return markup`${words}`;
  return markup`<a href="${address}" rel="noopener noreferrer">${words}</a>`;
}

/** A relative link to a file of the bundle. */
export function fileLink(path: string, words: Content): Markup {
  return markup`<a href="${path.split("/").map(encodeURIComponent).join("/")}">${words}</a>`;
}
