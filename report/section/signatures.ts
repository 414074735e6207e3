/** What is typical of each server, its tier with the rule that gave it, and what follows for who calls it. R76 to R78. */
import { countText, msText, percentText } from "../../record/duration-text.ts";
import { CARRIES, percentileText } from "../../record/percentile-text.ts";
import type { RunFile } from "../../record/run-file.ts";
import { type Signature, signatures, type Tier, tierRule } from "../../record/signature.ts";
import type { TimesSummary } from "../../record/times.ts";
import type { ReportContext } from "../context.ts";
import type { Cell, Inline, Section } from "../document.ts";
import { failureTone } from "../failure-tone.ts";
import { serverName } from "../server-name.ts";
import { code } from "../span.ts";

export const signaturesSection = ({ record, recording }: ReportContext): Section | null => {
  const all = signatures(record, {}, recording());
  if (all.length === 0) return null;
  return {
    id: "signatures",
    title: "Signature of each server",
    blocks: [
      {
        kind: "table",
        caption: "Service time of ok answers, in milliseconds",
        columns: [
          { title: "server" },
          ...["handshake p50", "handshake p90", "tool calls", "average", "p90", "p95", "p99", "failed"].map(
            (title) => ({
              title,
              align: "number" as const,
            }),
          ),
          { title: "tier" },
        ],
        rows: all.map((signature) => rowOf(signature, record.file)),
        shownRows: 30,
      },
      { kind: "paragraph", tone: "quiet", text: `${tierRule()}.` },
      { kind: "list", items: all.flatMap(adviceOf) },
    ],
  };
};

const nameOf = ({ server }: Signature): string => serverName(server);

/** Whichever way it is sorted, it comes last. */
const MISSING: Cell = "-";

const rowOf = (signature: Signature, file: RunFile): Cell[] => {
  const { server, handshake, toolCalls, count, failures, tier } = signature;
  const tone = failureTone({ failures, of: count }, file, server);
  const cell = (times: TimesSummary | null, key: "p50Ms" | "p90Ms" | "p95Ms" | "p99Ms"): Cell =>
    times === null ? MISSING : { text: percentileText(times, key), sort: times[key] };
  return [
    { text: [code(nameOf(signature))] },
    cell(handshake, "p50Ms"),
    cell(handshake, "p90Ms"),
    { text: countText(toolCalls?.count ?? 0), sort: toolCalls?.count ?? 0 },
    toolCalls === null ? MISSING : { text: msText(toolCalls.meanMs), sort: toolCalls.meanMs },
    cell(toolCalls, "p90Ms"),
    cell(toolCalls, "p95Ms"),
    cell(toolCalls, "p99Ms"),
    {
      text: percentText(failures, count),
      sort: count === 0 ? 0 : failures / count,
      ...(tone !== undefined && { tone }),
    },
    tier ?? "-",
  ];
};

/** What a tier is good for. */
const OF_TIER = {
  Fast: "several calls fit into one turn of a conversation",
  Consistent: "plan with its average, as slow calls are hardly slower",
  Heavy: "call it once in a turn, in parallel with others, or keep what it said",
} as const satisfies Record<Tier, string>;

/** From as many typical calls on a handshake is worth saving. */
const COSTLY_HANDSHAKE = 0.5;

const adviceOf = (signature: Signature): Inline[] => {
  const { handshake, toolCalls, tier } = signature;
  if (toolCalls === null) return [];
  const { p50Ms, p95Ms } = toolCalls;
  const calls = handshake === null ? 0 : handshake.p50Ms / p50Ms;
  const reuse =
    handshake === null || calls < COSTLY_HANDSHAKE
      ? ""
      : ` A handshake costs as much as ${calls < 10 ? calls.toFixed(1) : countText(Math.round(calls))} typical calls (${msText(handshake.p50Ms)} of ${msText(p50Ms)} ms): keep sessions open.`;
  const choice = tier === null ? "of no tier" : `${tier}: ${OF_TIER[tier]}`;
  const promise = ` One call in twenty took longer than ${msText(p95Ms)} ms: a p95 promised below that would be broken.`;
  return [[code(nameOf(signature)), ` is ${choice}.`, reuse, toolCalls.count >= CARRIES.p95Ms ? promise : ""]];
};
