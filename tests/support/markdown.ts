import { join } from "node:path";
import { listFiles } from "../../pipeline/store/disk.ts";
import { ROOT } from "../graph/toy_project.ts";

/** The project's Markdown files, without those of other folders' contents. */
export function pages(): string[] {
  const own = (folder: string) =>
    listFiles(join(ROOT, folder)).map((name) => join(ROOT, folder, name)).filter((file) =>
      file.endsWith(".md")
    );
  const top = Array.from(Deno.readDirSync(ROOT), ({ name }) => join(ROOT, name));
  return [...top.filter((file) => file.endsWith(".md")), ...own("docs"), ...own("bench"), ...own("pipeline")];
}

/** A fenced block of a Markdown page. */
export interface Fence {
  /** The first word after the fence: `sh`. */
  readonly language: string;
  /** The words after it. */
  readonly marks: readonly string[];
  readonly text: string;
  /** The paragraph that the block follows; "" where it follows something else. */
  readonly lead: string;
}

/** The fenced blocks of a page, in order. */
export function fences(page: string): Fence[] {
  const found: Fence[] = [];
  let paragraph: string[] = [];
  let lead = "";
  let open: { info: string; lines: string[] } | undefined;
  for (const line of page.split("\n")) {
    if (line.startsWith("```")) {
      if (open) {
        const [language = "", ...marks] = open.info.split(" ");
        found.push({ language, marks, text: open.lines.join("\n"), lead });
        [open, lead] = [undefined, ""];
      } else open = { info: line.slice(3), lines: [] };
    } else if (open) open.lines.push(line);
    else if (line !== "") paragraph.push(line);
    else if (paragraph.length > 0) [lead, paragraph] = [paragraph.join(" "), []];
  }
  return found;
}
