import { markup } from "../../report/markup.ts";

/** The overview of all reports. Its script fills in what there is. */
export const OVERVIEW = markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Reports · Reparam</title>
<link rel="stylesheet" href="/overview.css">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#reports">Skip to the reports</a>
<main>
<header>
<p class="kicker">Reparam</p>
<h1>Reports</h1>
</header>
<section id="live" hidden>
<h2>Going on</h2>
<div id="runs"></div>
<p class="note" aria-live="polite"></p>
</section>
<section id="reports">
<h2>Finished</h2>
<form class="filters" role="search">
<label>Search <input type="search" id="search" placeholder="name, data, model"></label>
<label>Data <select id="dataset"><option value="">all</option></select></label>
<label>Number <select id="measure"></select></label>
<label>from <input type="number" id="low" step="any"></label>
<label>to <input type="number" id="high" step="any"></label>
<button type="button" id="beside" disabled>Put two beside each other</button>
<output id="count" aria-live="polite"></output>
</form>
<div class="scroll" tabindex="0" role="region" aria-label="Reports">
<table>
<caption><span>Numbers are those of comparisons; what each is, its name tells under the pointer.</span></caption>
<thead><tr id="head"></tr></thead>
<tbody id="rows"></tbody>
</table>
</div>
<ul id="sweeps" class="files"></ul>
<p id="said" class="note" aria-live="polite"></p>
</section>
</main>
<dialog id="pair" aria-label="Two reports beside each other">
<form method="dialog"><button>Close</button></form>
<div class="frames"></div>
</dialog>
<script src="/overview.js" type="module"></script>
</body>
</html>
`.toString();
