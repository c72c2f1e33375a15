import type { ReportData } from "../data.ts";
import { type Markup, markup } from "../markup.ts";

/** The section with the commands that make this report again, and how to cite it. */
export function reproduceSection({ spec, words, dataset, execution, release }: ReportData): Markup {
  const { elsewhere } = words;
  const option = elsewhere ? ` ${elsewhere.option}` : "";
  const last = execution.stages.at(-1);
  const identity = last ? `, key ${last.key.slice(0, 12)}` : "";
  const commit = release.commit?.slice(0, 12);
  const year = last ? last.startedAt.slice(0, 4) : "";
  const bibtex = `@misc{reparam-${spec.name},
  title        = {${tex(spec.title ?? spec.name)}},
  howpublished = {Reparam ${release.version}, reproducible variational-autoencoder experiments},
  note         = {Experiment ${tex(spec.name)}, seed ${spec.seed}${identity}${
    commit ? `, commit ${commit}` : ""
  }},
  year         = {${year}}
}`;
  return markup`<p>This page was made by Reparam ${release.version}${
    release.commit && markup`, commit <code>${release.commit}</code>`
  }.
In a checkout of it, with the <a href="spec.json">spec.json</a> that lies beside this page. Same spec, same
code, same versions: same bytes in every file but this page and ro-crate-metadata.json, which tell times.</p>
${
    elsewhere &&
    markup`<p>The data came from ${elsewhere.place}; <a href="data/source.json">data/source.json</a> lists its
files with their digests. From another place the run needs it: name the folder.</p>
`
  }<pre><code>npx --yes deno@2.9.6 task run path/to/spec.json${option}</code></pre>
<p>With another seed, without touching the file:</p>
<pre><code>npx --yes deno@2.9.6 task run path/to/spec.json${option} --set seed=${
    (spec.seed + 1) % 2 ** 32
  }</code></pre>
<h3>To cite this run</h3>
<pre><code>${bibtex}</code></pre>
<p class="note">Cite the data as well: ${
    dataset.authors && `${dataset.authors}, `
  }<cite>${dataset.title}</cite>. The method is that of D. P. Kingma and M. Welling,
<cite>Auto-Encoding Variational Bayes</cite>, ICLR 2014, and of D. J. Rezende, S. Mohamed and D. Wierstra,
<cite>Stochastic Backpropagation and Approximate Inference in Deep Generative Models</cite>, ICML 2014.</p>`;
}

/** Characters that have a meaning in TeX, written so that they print. */
function tex(text: string): string {
  return text.replace(/[\\{}$&#_%~^]/g, (character) => {
    if (character === "\\") return "\\textbackslash{}";
    return character === "~" || character === "^" ? `\\${character}{}` : `\\${character}`;
  });
}
