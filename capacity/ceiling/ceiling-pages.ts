/** A search as Markdown, and as one HTML page that loads nothing. */

import { pictureOf } from "../picture/picture.ts";
import { svgPlot } from "../picture/svg-plot.ts";
import type { Found } from "./ceiling-file.ts";
import { headline, remarks, TABLE_HEAD, tableRows } from "./ceiling-lines.ts";

export const ceilingMarkdown = (found: Found, expected: number | null): string => {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    `### Session ceiling${found.head.server === null ? "" : ` of ${found.head.server}`}`,
    "",
    `**${headline(found)}**`,
    "",
    ...remarks(found, expected).map((line) => `- ${line}`),
    "",
    row(TABLE_HEAD),
    row(TABLE_HEAD.map(() => "---")),
    ...tableRows(found).map(row),
    "",
  ].join("\n");
};

export const ceilingHtml = (found: Found, expected: number | null): string => {
  const { server, id, startedAt } = found.head;
  const cells = (tag: string, row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Session ceiling${server === null ? "" : ` of ${escaped(server)}`}</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { padding: 0.2rem 0.7rem; text-align: right; border-bottom: 1px solid #8884; }
svg { width: 100%; height: auto; }
</style>
</head>
<body>
<h1>Session ceiling${server === null ? "" : ` of ${escaped(server)}`}</h1>
<p><strong>${escaped(headline(found))}</strong></p>
<ul>${remarks(found, expected)
    .map((line) => `<li>${escaped(line)}</li>`)
    .join("")}</ul>
${svgPlot(pictureOf(found))}
<table>
${cells("th", TABLE_HEAD)}
${tableRows(found)
  .map((row) => cells("td", row))
  .join("\n")}
</table>
<p>${escaped(id)}, begun ${escaped(startedAt)}</p>
</body>
</html>
`;
};

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (each) => ENTITIES[each] ?? "");
