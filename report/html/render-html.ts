/** A document as one HTML file that needs nothing beside it and asks nobody for anything. */
import type { Document, Section } from "../document.ts";
import { blocksHtml } from "./blocks-html.ts";
import { ChartSheet } from "./chart-sheet.ts";
import { contentPolicy } from "./content-policy.ts";
import { htmlText } from "./html-text.ts";
import { inlineHtml } from "./inline-html.ts";
import type { PageFiles } from "./page-files.ts";

const MOST_IN_TITLE = 200;

export const renderHtml = (document: Document, files: PageFiles): string => {
  const { subtitle, sections } = document;
  const title = htmlText(document.title, MOST_IN_TITLE);
  const charts = new ChartSheet();
  const written = sections.map((section) => sectionHtml(section, charts)).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(files)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${files.style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><div><h1>${title}</h1><p class="subtitle">${inlineHtml(subtitle)}</p></div></header>
<div class="columns">
<nav class="contents" aria-label="Contents"><ol>${sections.map(linkHtml).join("")}</ol></nav>
<main id="content" tabindex="-1">
<noscript><p class="note quiet">Charts, sorting and folding need JavaScript. Every text and every table is here without it.</p></noscript>
${written}
</main>
</div>
<script type="application/json" id="chart-data">${charts.json()}</script>
<script>${files.script}</script>
</body>
</html>
`;
};

const linkHtml = ({ id, title }: Section): string => `<li><a href="#${htmlText(id)}">${htmlText(title)}</a></li>`;

const sectionHtml = ({ id, title, blocks }: Section, charts: ChartSheet): string =>
  `<section id="${htmlText(id)}" aria-labelledby="${htmlText(id)}-title">
<h2 id="${htmlText(id)}-title">${htmlText(title)}</h2>
${blocksHtml(blocks, charts)}
</section>`;
