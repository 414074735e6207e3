import { expect, test } from "vitest";
import { junitXml } from "../../gate/junit.ts";
import { verdictMarkdown } from "../../gate/markdown.ts";
import { verdictJson } from "../../gate/verdict-json.ts";
import { BROKEN, HOSTILE_NAME, row, verdict } from "./verdicts.ts";
import { parseXml } from "./xml.ts";

const UNDETERMINED = row({
  request: "learn:ping",
  actualValue: null,
  status: "undetermined",
  remark: "no operation of this name",
});

test("JUnit XML has a case for each criterion and one for the run", () => {
  const root = parseXml(junitXml(verdict({ result: "FAILED", rows: [row(), BROKEN, UNDETERMINED], notes: ["a < b"] })));
  const [suite] = root.children;
  expect(suite?.attributes).toMatchObject({
    name: "swarmbridge gate: 20260301-100000-demo",
    tests: "4",
    failures: "1",
    errors: "0",
    skipped: "1",
    time: "30",
    timestamp: "2026-03-01T10:00:00",
  });
  const cases = suite?.children.filter(({ name }) => name === "testcase") ?? [];
  expect(cases.map(({ attributes, children }) => [attributes.name, children[0]?.name])).toEqual([
    ["p95(response_time_ms) > 1000", undefined],
    ["percentage(error) > 1", "failure"],
    ["learn:ping: p95(response_time_ms) > 1000", "skipped"],
    ["the run can be judged", undefined],
  ]);
  expect(cases[1]?.children[0]?.attributes).toEqual({ message: "3.25%", type: "client" });
  expect(suite?.children.at(-1)).toMatchObject({ name: "system-out", text: expect.stringContaining("a < b") });
});

test("a run that cannot be judged is an error in JUnit XML", () => {
  const root = parseXml(
    junitXml(verdict({ result: "INVALID", rows: [UNDETERMINED], invalid: ["learn:ping: nothing"] })),
  );
  expect(root.attributes).toMatchObject({ errors: "1", failures: "0" });
  const last = root.children[0]?.children.filter(({ name }) => name === "testcase").at(-1);
  expect(last?.children[0]).toMatchObject({ name: "error", text: "learn:ping: nothing" });
});

test("a hostile name stays text in JUnit XML and in Markdown", () => {
  const hostile = verdict({
    result: "FAILED",
    rows: [row({ request: HOSTILE_NAME, status: "failed", remark: HOSTILE_NAME })],
    notes: [HOSTILE_NAME],
  });
  const root = parseXml(junitXml(hostile));
  expect(root.children[0]?.children[0]?.attributes.name).toContain('</failure>"&|`x` @team');
  const markdown = verdictMarkdown(hostile);
  const [, , , , , , cell = ""] = markdown.split("\n");
  // Escaped inside the cell: the row has as many cells as the head.
  expect(cell.split(/(?<!\\)\|/)).toHaveLength(5);
  expect(cell.startsWith("| <code>learn&#58;tools&#47;call&#58;&#60;&#47;failure&#62;")).toBe(true);
  const note = markdown.split("\n").at(-2) ?? "";
  expect(note).toContain("&lt;/failure&gt;");
  expect(note).not.toMatch(/@team|[^\\]`|[^\\]\|/);
});

/** What a cell of a table holds once its row is split; a backslash keeps the character behind it, whichever it is. */
const cellsOf = (line: string): string[] =>
  [...line.slice(1).matchAll(/((?:\\[\s\S]|[^|\\])*)\|/g)].map(([, cell = ""]) => cell.trim());

test.each([["a|b"], ["a\\|b"], ["a\\\\|b\\"], ["line\nbreak\r\n\n# head\u2028| x |"], ["\u001b[31mred\u0000\u202e"]])(
  "a name or remark %j never leaves its cell",
  (text) => {
    const hostile = verdict({ result: "FAILED", rows: [row({ request: text, status: "failed", remark: text })] });
    const lines = verdictMarkdown(hostile).split(/\r|\n|\u2028/);
    const rowAt = lines.findIndex((line) => line.startsWith("| ---")) + 1;
    expect(cellsOf(lines[rowAt] ?? "")).toHaveLength(3);
    expect(lines[rowAt + 1]).toBe("");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(lines[rowAt]).not.toMatch(/[\u0000-\u001f\u202e]/);
  },
);

test.each([
  ["see https://evil.example/a", /https?:\/\//],
  ["see HTTP://evil.example/a", /http:\/\//i],
  ["see www.evil.example", /www\./],
  ["see WWW.evil.example", /www\./i],
  ["mail boss@evil.example", /boss@evil/],
  ["@boss", /@boss/],
  ["as in o/r#12", /#12/],
  ["$x$", /(?<!\\)\$/],
  ["![x](http://x)", /(?<!\\)\[/],
  ["1. list", /- 1\./],
  ["1) list", /- 1\)/],
  ["- [ ] task", /- - /],
  ["+ list", /- \+/],
  ["    code", /- {2}/],
  ["*x*", /(?<!\\)\*/],
])("%j as a remark and as a note is no markup and no link", (text, markup) => {
  const hostile = verdict({ result: "FAILED", rows: [row({ status: "failed", remark: text })], notes: [text] });
  const lines = verdictMarkdown(hostile).split("\n").slice(6);
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(line.replace(/^\| `.*?`/, "")).not.toMatch(markup);
});

test("Markdown is a head, a table and a list", () => {
  expect(verdictMarkdown(verdict({ result: "FAILED", rows: [row(), BROKEN], notes: ["so it is"] }))).toBe(
    `### ❌ gate: FAILED, 1 of 2 criteria is broken

run \`20260301-100000-demo\`, 1200 operations, 39 failed

| fails when | measured | result |
| --- | ---: | ---: |
| \`p95(response_time_ms) > 1000\` | 812 ms | ✅ passed |
| \`percentage(error) > 1\` | 3.25% | ❌ failed |

- so it is
`,
  );
});

test("JSON has a version, the unrounded values and everything else that is known", () => {
  const made = verdict({ rows: [row({ actualValue: 812.4567 })], notes: ["so it is"] });
  expect(JSON.parse(verdictJson(made))).toEqual({
    version: 1,
    result: "PASSED",
    run: made.run,
    profile: null,
    criteria: made.rows,
    generator: { level: "ok", reasons: [] },
    invalid: [],
    notes: ["so it is"],
  });
});
