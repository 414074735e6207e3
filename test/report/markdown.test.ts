import { describe, expect, test } from "vitest";
import type { Block, Document } from "../../report/document.ts";
import { documentMarkdown } from "../../report/markdown.ts";
import { everyBlock, HOSTILE } from "./every-block.ts";

const markdownOf = (...blocks: Block[]): string => {
  const document: Document = { title: "T", subtitle: "S", sections: [{ id: "s", title: "Section", blocks }] };
  return documentMarkdown(document).replace("# T\n\nS\n\n## Section\n\n", "").trimEnd();
};

describe("a document as Markdown", () => {
  test("says a picture as its sentence", () => {
    const chart = everyBlock().sections.find(({ id }) => id === "latency")?.blocks[0] as Block;
    expect(markdownOf(chart)).toBe(
      "**Every ok answer.** Most answers took 20 to 60 ms; a second group of 200 ms came from 33:20 on.",
    );
  });

  test("leaves out a column of pictures, which have no words", () => {
    const columns = [{ title: "operation" }, { title: "distribution", isPicture: true }, { title: "count" }];
    const rows = [["search", { text: "", shape: [1, 2] }, "5"]];
    expect(markdownOf({ kind: "table", caption: "Calls", columns, rows })).toContain(
      "| operation | count |\n| --- | --- |\n| search | 5 |",
    );
  });

  test("keeps the spaces between the pieces of a sentence", () => {
    const text = [
      "Profile ",
      { text: "search", style: "code" as const },
      " first, ",
      { text: "then", style: "strong" as const },
      " the rest.",
    ];
    expect(markdownOf({ kind: "paragraph", text })).toBe("Profile `search` first, **then** the rest.");
  });

  test("aligns numbers, marks what is bad by more than colour", () => {
    const table = markdownOf({
      kind: "table",
      caption: "times",
      columns: [{ title: "tool" }, { title: "p95", align: "number" }],
      rows: [["search", { text: "812", tone: "bad" }]],
    });
    expect(table).toBe("times\n\n| tool | p95 |\n| --- | ---: |\n| search | ❌ 812 |");
  });

  test("cuts a table that is longer than a comment takes, and says so", () => {
    const rows = Array.from({ length: 70 }, (_, at) => [`tool ${at}`]);
    const table = markdownOf({ kind: "table", caption: "all", columns: [{ title: "tool" }], rows });
    expect(table.match(/^\| tool \d+ \|$/gm)).toHaveLength(60);
    expect(table).toContain("10 more rows are in the HTML report.");
  });

  test.each([
    ["rows of tables", 120, 60],
    ["what is folded away", 12, 4900],
    ["the end", 900, 900],
  ])("is never longer than a comment may be: %s goes first, and that is said", (_, tables, length) => {
    const table = (id: number): Block => ({
      kind: "table",
      caption: `table ${id}`,
      columns: [{ title: "tool" }],
      rows: Array.from({ length: 60 }, (_row, at) => [`row ${at} ${"x".repeat(length / 10)}`]),
    });
    const blocks = Array.from({ length: tables }, (_block, at): Block => {
      const one = table(at);
      return at % 2 === 0 ? one : { kind: "details", summary: `folded ${at}`, blocks: [one] };
    });
    const text = markdownOf({ kind: "paragraph", text: "the answer" }, ...blocks);
    expect(text.length).toBeLessThan(65_536);
    expect(text.startsWith("the answer")).toBe(true);
    expect(text).toContain("in the HTML report.");
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  test("lets no name be markup, a link, a mention or a row of its own", () => {
    const names = Object.values(HOSTILE);
    // In code nothing is markup but its end.
    const written = documentMarkdown(everyBlock()).replaceAll(/(`+)[^`].*?\1/g, "");
    expect(written.match(/<(?!\/?(?:details|summary|code)>)/g)).toBeNull();
    expect(/(?<!\\)\]\(/.test(written)).toBe(false);
    expect(written.includes("@everyone")).toBe(false);
    expect(Math.max(...written.split("\n").map((line) => line.length))).toBeLessThan(1500);
    const table = markdownOf({
      kind: "table",
      caption: "names",
      columns: [{ title: "name" }],
      rows: names.map((name) => [name]),
    });
    expect(table.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(names.length + 2);
  });
});
