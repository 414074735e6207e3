/** A document with every kind of block, and names that a hostile server would choose, for the tests of what writes it out. */
import type { Block, Document, HeatMap, Table } from "../../report/document.ts";

/** What each would do, if it could. */
export const HOSTILE = {
  script: "</script><script>alert('out')</script>",
  image: "<img src=x onerror=alert('image')>",
  comment: "<!--<script>",
  attribute: '" onmouseover="alert(\'attribute\')" x="',
  link: "[click](javascript:alert('link')) @everyone #1 https://evil.example",
  bidi: "safe\u202egnp.exe\u2066 \u0000\u001b[31mred",
  emoji: "👩‍👩‍👧‍👦 tools/call 🚀",
  rightToLeft: "כלי:חיפוש (tools) أداة",
  tower: `z${"\u0300\u0301\u0302".repeat(60)}algo`,
  long: "a_very_long_name_without_a_break_".repeat(300),
  halfEmoji: "\ud83d",
  table: "a|b\\|c`d`\n# heading",
} as const;

export const everyBlock = (): Document => ({
  title: "Load test 20260301-100000-multi",
  subtitle: ["2026-03-01 10:00:00 UTC, 1 h 00 min, ", { text: "ended: run time", style: "strong" }],
  sections: [
    {
      id: "answers",
      title: "Answers",
      blocks: [
        {
          kind: "paragraph",
          tone: "warning",
          text: [{ text: "The generator was strained: ", style: "strong" }, "its event loop was 31 ms late at p99."],
        },
        {
          kind: "figures",
          figures: [
            { label: "sessions at once, at most", value: "400", note: "no limit was broken", tone: "good" },
            { label: "operations", value: "1,000,000", note: "278/s" },
            { label: "p95 of ok answers", value: "284 ms", note: "limit 250 ms", tone: "bad" },
            {
              label: "failed",
              value: "1.0%",
              note: ["most: ", { text: "tool-error", style: "code" }],
              tone: "warning",
            },
            { label: "verdict", value: "FAILED", tone: "bad" },
          ],
        },
        {
          kind: "list",
          items: [
            [
              "Profile ",
              { text: "github:tools/call:search_code", style: "code" },
              " first: it is 5.2 times as slow as the others.",
            ],
            "Then see whether more replicas help.",
          ],
        },
      ],
    },
    { id: "tools", title: "Operations", blocks: [toolTable(), hostileTable()] },
    { id: "latency", title: "Latency over time", blocks: [heat(), bands()] },
    { id: "load", title: "Load", blocks: [load(), failures()] },
    {
      id: "setting",
      title: "Setting",
      blocks: [
        {
          kind: "facts",
          rows: [
            ["machine", "2 cores, 8 GB"],
            ["repeat it with", [{ text: "locust -f multi.py -u 400 -r 10 -t 1h --headless", style: "code" }]],
          ],
        },
        {
          kind: "details",
          summary: "Samples of failures",
          blocks: [{ kind: "list", items: Object.values(HOSTILE) }, load()],
        },
        { kind: "paragraph", text: "Nothing was changed in between.", tone: "quiet" },
      ],
    },
  ],
});

const toolTable = (): Table => ({
  kind: "table",
  caption: "Service time of ok answers, in milliseconds",
  columns: [
    { title: "operation" },
    { title: "count", align: "number" },
    { title: "failed", align: "number" },
    { title: "p50", align: "number" },
    { title: "p95", align: "number", hint: "95 of 100 answers came within this time" },
    { title: "p99", align: "number" },
    { title: "distribution", hint: "how often each time came, from short to long" },
  ],
  rows: Array.from({ length: 40 }, (_, at) => [
    { text: [{ text: `${["learn", "github", "context7"][at % 3]}:tools/call:tool_${at}`, style: "code" as const }] },
    { text: (25_000 - 400 * at).toLocaleString("en"), sort: 25_000 - 400 * at },
    at % 7 === 0 ? { text: `${at + 1}`, sort: at + 1, tone: "bad" as const } : { text: ".", sort: 0 },
    { text: `${20 + at}`, sort: 20 + at },
    { text: `${80 + 5 * at}`, sort: 80 + 5 * at },
    { text: `~${160 + 9 * at}`, sort: 160 + 9 * at },
    { text: "", shape: Array.from({ length: 24 }, (_each, x) => Math.exp(-((x - 6 - at / 8) ** 2) / 18)) },
  ]),
  shownRows: 15,
});

const hostileTable = (): Table => ({
  kind: "table",
  caption: HOSTILE.script,
  columns: [{ title: HOSTILE.image }, { title: "count", align: "number", hint: HOSTILE.attribute }],
  rows: Object.values(HOSTILE).map((text, at) => [{ text: [{ text, style: "code" }] }, { text: `${at}`, sort: at }]),
});

const SECONDS = Array.from({ length: 360 }, (_, at) => at * 10);
const wave = (at: number, size: number): number =>
  size * (1 + 0.3 * Math.sin(at / 20) + (at > 200 && at < 230 ? 1.5 : 0));

const bands = (): Block => ({
  kind: "chart",
  type: "lines",
  title: "Percentiles of ok answers",
  says: "p95 lay at 280 ms most of the time, and reached 812 ms at 35:30.",
  x: { label: "time since the start", unit: "seconds", values: SECONDS },
  y: { label: "service time", unit: "ms" },
  series: [
    { name: "p50", values: SECONDS.map((_, at) => wave(at, 40)) },
    { name: "p95", values: SECONDS.map((_, at) => (at > 90 && at < 100 ? null : wave(at, 210))), fillTo: "p50" },
    { name: "p99", values: SECONDS.map((_, at) => wave(at, 350)), fillTo: "p95" },
    { name: "p99.9", values: SECONDS.map(() => null) },
    { name: "max", values: SECONDS.map((_, at) => wave(at, 350)) },
  ],
  limits: [
    { name: "slo p95", at: 500 },
    { name: "slo p99", at: 9000 },
  ],
});

const heat = (): HeatMap => {
  const rows = Array.from({ length: 24 }, (_, at) => 5 * 1.35 ** at);
  return {
    kind: "chart",
    type: "heat",
    title: "Every ok answer",
    says: "Most answers took 20 to 60 ms; a second group of 200 ms came from 33:20 on.",
    x: { label: "time since the start", unit: "seconds", values: SECONDS.filter((_, at) => at % 3 === 0) },
    y: { label: "service time", unit: "ms", scale: "log", values: rows },
    counts: SECONDS.filter((_, at) => at % 3 === 0).map((_, column) =>
      rows.map((_each, row) =>
        Math.round(
          900 * Math.exp(-((row - 7 - Math.sin(column / 9)) ** 2) / 5) +
            (column > 66 ? 200 * Math.exp(-((row - 15) ** 2) / 3) : 0),
        ),
      ),
    ),
  };
};

const load = (): Block => ({
  kind: "chart",
  type: "lines",
  title: "Sessions, users and throughput",
  says: "Up to 400 sessions were open; the most calls in a second were 412.",
  x: { label: "time since the start", unit: "seconds", values: SECONDS },
  y: { label: "at once", unit: "count" },
  series: [
    { name: "sessions", values: SECONDS.map((second) => Math.min(400, Math.ceil(second / 300) * 40)), line: "steps" },
    { name: "users", values: SECONDS.map((second) => Math.min(400, second / 7.2)), line: "dashed" },
    {
      name: HOSTILE.image,
      values: SECONDS.map((_, at) => wave(at, 150)),
      right: { label: "calls", unit: "perSecond" },
    },
  ],
});

const failures = (): Block => ({
  kind: "chart",
  type: "bars",
  title: "Failures by reason",
  says: "tool-error came all the time; timeout only from 33:20 to 38:20.",
  x: { label: "time since the start", unit: "none", labels: Array.from({ length: 60 }, (_, at) => `${at}:00`) },
  y: { label: "failures", unit: "count" },
  series: [
    { name: "tool-error", values: Array.from({ length: 60 }, (_, at) => 20 + (at % 9)), tone: "warning" },
    { name: "timeout", values: Array.from({ length: 60 }, (_, at) => (at > 32 && at < 39 ? 55 : 0)), tone: "bad" },
    { name: "http-503", values: Array.from({ length: 60 }, (_, at) => (at % 4 === 0 ? 12 : 3)) },
  ],
});
