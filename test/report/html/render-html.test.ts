import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Document } from "../../../report/document.ts";
import { renderHtml } from "../../../report/html/render-html.ts";
import { everyBlock, HOSTILE } from "../every-block.ts";

const FILES = { script: "draw();", style: "body{}" };
const page = renderHtml(everyBlock(), FILES);

/** How the page's tags follow on each other, with what a name could add. */
const tags = (html: string): string[] => [...html.matchAll(/<([a-z!/][a-z0-9]*)/gi)].map(([, name]) => name ?? "");

describe("a document as HTML", () => {
  test("allows its own script and style by their hashes, and nothing else", () => {
    const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    expect(/content="default-src[^"]*"/.exec(page)?.[0]).toBe(
      `content="default-src 'none'; script-src ${hash("draw();")}; style-src ${hash("body{}")}; base-uri 'none'; form-action 'none'"`,
    );
    expect(page.includes("unsafe-inline"), "unsafe-inline").toBe(false);
    expect(/<[^>]* style=/.test(page), "a style attribute, which the policy refuses").toBe(false);
  });

  test("has the same elements with hostile names as with harmless ones", () => {
    const harmless = (key: string, value: unknown): unknown =>
      typeof value === "string" && Object.values<string>(HOSTILE).includes(value) && key !== "kind" ? "name" : value;
    const other = JSON.parse(JSON.stringify(everyBlock(), harmless)) as Document;
    expect(tags(page)).toEqual(tags(renderHtml(other, FILES)));
  });

  test("holds the charts' data in a block that no name can end", () => {
    const block = /<script type="application\/json" id="chart-data">(.*)<\/script>\n<script>/.exec(page)?.[1] ?? "";
    expect(block).not.toMatch(/[<>&]/);
    const charts = JSON.parse(block) as { readonly series: readonly { readonly name: string }[] }[];
    expect(charts).toHaveLength(5);
    expect(charts[2]?.series[2]?.name).toBe(HOSTILE.image);
  });

  test("rounds the charts' data to what a picture shows, counts to whole ones, and has a gap for what is no number", () => {
    const chart = {
      kind: "chart",
      type: "lines",
      title: "t",
      says: "s",
      x: { label: "", unit: "seconds", values: [0, 1] },
      y: { label: "", unit: "ms" },
      series: [{ name: "p50", values: [12.3456789, Number.NaN, 123_456, 123_456.7] }],
    } as const;
    const written = renderHtml({ title: "", subtitle: "", sections: [{ id: "a", title: "", blocks: [chart] }] }, FILES);
    expect(written.includes('"values":[12.346,null,123456,123457]')).toBe(true);
  });

  test("shortens a name of ten thousand characters, keeping both of its ends", () => {
    expect(page.includes(HOSTILE.long)).toBe(false);
    expect(/<code>a_very_long_name_without_[^<]{100,200}\.\.[^<]{100,200}_break_<\/code>/.test(page)).toBe(true);
  });

  test("links every section from the contents", () => {
    for (const { id } of everyBlock().sections) {
      expect(page.includes(`href="#${id}"`), id).toBe(true);
      expect(page.includes(`<section id="${id}"`), id).toBe(true);
    }
  });

  test("takes direction marks and towers of accents out of a text", () => {
    expect(["\u202e", "\u2066", "\u0000", "\u001b"].filter((mark) => page.includes(mark))).toEqual([]);
    expect(/\p{M}{4}/u.test(page)).toBe(false);
  });
});

test("a column of pictures is told from those that sort", () => {
  const columns = [{ title: "operation" }, { title: "distribution", isPicture: true }];
  const rows = [["search", { text: "", shape: [1, 2] }]];
  const sections = [{ id: "s", title: "S", blocks: [{ kind: "table" as const, caption: "Calls", columns, rows }] }];
  const html = renderHtml({ title: "T", subtitle: "", sections }, FILES);
  expect(html).toContain('<th scope="col" class="picture">distribution</th>');
  expect(html).toMatch(/<td><svg class="shape"/);
});
