/** What the figures look like, each with its evidence, and where to look on the server. Hints: we are outside. R59, T20. */
import { compareWithProbe } from "../../capacity/probe/compare.ts";
import { handshakesOf } from "../../capacity/probe/handshakes.ts";
import { FAULTS, type Fault } from "../../diagnosis/finding.ts";
import { SHAPES, type ShapeName } from "../../diagnosis/shape.ts";
import { byServer } from "../../record/server-part.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Inline, Paragraph, Section } from "../document.ts";
import { code, codes, strong } from "../span.ts";

/** What shows the cause on the server itself. R109. */
const LOOK_AT = {
  "sessions-mixed": "module-level variables, and caches whose keys lack the session",
  "memory-leak": "heap snapshots (node --inspect, Chrome DevTools) before and after a forced collection (--expose-gc)",
  "rate-limited": "the limits of the gateway or of the API behind it, and Retry-After in its answers",
  "cold-start": "when the process listens, and when its startup probe passes",
  "connection-limit": "the listen backlog (ss -lnt), maxConnections, open files (ulimit -n)",
  serialising: "docker stats: a CPU that idles while calls wait; a timer around each lock",
  "pool-exhausted": "the pool's own counters, in use and waiting, and the list of connections in the database",
  "slow-dependency": "a timer around each step of the slow tool",
  "event-loop-blocked": "a CPU profile under this load (node --inspect, Chrome DevTools)",
  "errors-under-load": "the server's log at the first failures, and the limits of what it calls",
  "slower-under-load": "docker stats under this load: a CPU near 100% wants replicas, an idle one has a queue",
  grows: "the memory of the process over the run, and the size of its caches",
  "long-tail": "a timer around each step of the slow calls; the log of garbage collections (--trace-gc)",
} as const satisfies Record<Fault | ShapeName, string>;

export const diagnosisSection = (context: ReportContext): Section => {
  const { findings, generator } = context;
  const shapes = context.shapes();
  const environment = environmentItems(context);
  const blocks: Block[] = [
    {
      kind: "paragraph",
      tone: "quiet",
      text: "Seen from outside: hints where to look, no proof. The rules stand in docs/scenarios.md and docs/report.md.",
    },
    ...(generator.level === "saturated" ? [ONLY_WITHOUT_TIMES] : []),
    ...[...Map.groupBy(findings, ({ fault }) => fault)].flatMap(([fault, seen]) =>
      hint({ what: fault, seen, usually: FAULTS[fault] }),
    ),
    ...[...Map.groupBy(shapes, ({ shape }) => shape)].flatMap(([shape, seen]) =>
      hint({ what: shape, seen, usually: `${SHAPES[shape]} (a weaker hint)` }),
    ),
    ...(environment.length === 0 ? [] : [{ kind: "list", items: environment } satisfies Block]),
  ];
  const isEmpty = findings.length + shapes.length + environment.length === 0;
  return { id: "diagnosis", title: "Diagnosis", blocks: isEmpty ? [...blocks, NOTHING] : blocks };
};

interface Hint {
  readonly what: Fault | ShapeName;
  /** One a server. */
  readonly seen: readonly { readonly server: string; readonly evidence: string }[];
  readonly usually: string;
}

/** What several servers have in common is said once, and the figures of each below it. */
const hint = ({ what, seen, usually }: Hint): Block[] => {
  const [first, ...others] = seen;
  if (first === undefined) return [];
  const evidence = others.length === 0 ? `${first.evidence}. ` : "";
  return [
    {
      kind: "paragraph",
      tone: "warning",
      text: [
        ...codes(seen.map(({ server }) => server)),
        ": ",
        strong(what),
        `. ${evidence}Usually ${usually}. Look at: ${LOOK_AT[what]}.`,
      ],
    },
    ...(others.length === 0
      ? []
      : [{ kind: "list", items: seen.map((each) => [code(each.server), `: ${each.evidence}.`]) } satisfies Block]),
  ];
};

const ONLY_WITHOUT_TIMES: Paragraph = {
  kind: "paragraph",
  tone: "warning",
  text: "The load generator was saturated: only faults that show without times were looked for.",
};

const NOTHING: Paragraph = {
  kind: "paragraph",
  text: "Nothing was found. A fault that this load does not reach, or that does not show from outside, may be there.",
};

/** Good in a test and slow live, or the other way round: the place differs, not the load. R82, R105. */
const environmentItems = ({ record: { file }, probesOf }: ReportContext): Inline[] =>
  byServer(file).flatMap(({ name }) => {
    const probes = probesOf(name);
    if (probes.length === 0) return [];
    const { gap, spikes, lines } = compareWithProbe(probes, handshakesOf(file, name));
    const isTold = gap === "wide" || spikes === "absent";
    return isTold ? [[code(name), ", beside its probe: ", lines.join(" ")]] : [];
  });
