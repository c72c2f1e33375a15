import { type Markup, markup } from "../../markup.ts";
import type { PaperPage } from "../results.ts";
import { type Claim, type ClaimVerdict, seedWords, VERDICTS } from "./claim.ts";
import { CODES } from "./codes.ts";
import { GAN } from "./gan.ts";
import { LEARNING } from "./learning.ts";
import { PERCEPTION } from "./perception.ts";

/** All claims by theme, in the order of the page. */
const THEMES: readonly { readonly title: string; readonly claims: readonly Claim[] }[] = [
  { title: "Training", claims: LEARNING },
  { title: "Codes", claims: CODES },
  { title: "Perception", claims: PERCEPTION },
  { title: "VAE and GAN", claims: GAN },
];

/** How many claims there are of each verdict. */
export function countVerdicts(page: PaperPage): Record<ClaimVerdict, number> {
  const verdicts = THEMES.flatMap(({ claims }) => claims.map(({ judge }) => judge(page).verdict));
  return Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, verdicts.filter((other) => other === verdict).length]),
  ) as Record<ClaimVerdict, number>;
}

/** What the paper claims, each claim with its verdict and the numbers that it follows from. */
export function claims(page: PaperPage): Markup {
  return markup`<section id="claims">
<h2>Claims and verdicts</h2>
<p class="lead">What the paper says in numbers or in words, in our words, and what becomes of it on the runs of this page.
A verdict is computed: it turns where its number crosses a threshold, which stands beside it. It is about these data
and these networks; how many seeds of training it rests on is said after it, and another seed may tell otherwise where it
is one.</p>
${
    THEMES.map(({ title, claims }) =>
      markup`
<h3>${title}</h3>
<ul class="claims">${claims.map((claim) => item(claim, page))}
</ul>`
    )
  }
</section>`;
}

/** What stands before a verdict, for those who do not see its colour. */
const MARKS: Readonly<Record<ClaimVerdict, string>> = {
  "supported": "✓",
  "not supported": "✗",
  "cannot be told": "?",
};

function item({ says, section, shownAt, rests, judge }: Claim, page: PaperPage): Markup {
  const { verdict, why } = judge(page);
  return markup`
<li class="${verdict.replaceAll(" ", "-")}"><p><b>${says}.</b> <small>section ${section}</small></p>
<p><strong><span aria-hidden="true">${MARKS[verdict]}</span> ${verdict}</strong> ${why}${
    rests && ` ${seedWords(rests(page))}`
  }${shownAt !== undefined && markup` <a href="#${shownAt}">Shown below</a>`}</p></li>`;
}
