import { type Markup, markup } from "../markup.ts";

/** Two distributions over two outcomes, to try a formula on. */
const EXAMPLE = { p: [0.5, 0.5], q: [0.9, 0.1] } as const;

/** The sum that the paper prints as equation (3), with q in the place of q(x'). */
export function printedDivergence(p: readonly number[], q: readonly number[]): number {
  return -q.reduce((sum, share, i) => sum + share * Math.log(p[i]! / share), 0);
}

/** What the paper has wrong, where a reader would stumble. */
export function errata(): Markup {
  const { p, q } = EXAMPLE;
  // With the arguments the other way round the same sum is the divergence that the left side names.
  const [printed, meant] = [printedDivergence(p, q), printedDivergence(q, p)];
  return markup`<section id="errata">
<h2>Errata of the paper</h2>
<ul>
<li><b>Equation (3)</b> has its arguments exchanged: the sum on its right is D<sub>KL</sub>(q ‖ p), not D<sub>KL</sub>(p ‖
q). For p = (${p.join(", ")}) and q = (${q.join(", ")}) it is ${
    printed.toFixed(3)
  }, and the divergence that stands on the left
is ${meant.toFixed(3)}. Equation (4), which follows from it, is right.</li>
<li><b>After equation (4)</b> a KL divergence is called “always positive”: it is never negative, and 0 where both
distributions are the same, which is when the bound is the likelihood itself.</li>
<li><b>Reference [9]</b> is of 2004: volume 55 of the Annual Review of Psychology.</li>
<li><b>Reference [10]</b>, “Mumford (1992)”, leads to a book on styles of learning by Peter Honey and Alan Mumford. Meant is
David Mumford, “On the computational architecture of the neocortex. II. The role of cortico-cortical loops”, Biological
Cybernetics 66 (1992), 241–251.</li>
<li><b>Reference [11]</b> appeared in Behavioral and Brain Sciences 20 (1997), not in the Journal of the Optical Society of
America.</li>
</ul>
</section>`;
}
