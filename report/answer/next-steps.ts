/**
 * What to do next, in the order in which it pays: first what makes the figures worthless, then what is broken, then the slow
 * part, and more replicas last. R41; docs/report.md.
 */
import { unitText } from "../../capacity/ceiling/ceiling-file.ts";
import type { Fault } from "../../diagnosis/finding.ts";
import { SHAPES, type Shape } from "../../diagnosis/shape.ts";
import { countText, msText, percentText } from "../../record/duration-text.ts";
import { type SlowTool, slowTools } from "../../record/slow-tool.ts";
import type { Carried } from "../carried.ts";
import type { ReportContext } from "../context.ts";
import type { Inline, Span } from "../document.ts";
import { limitText } from "../limit-text.ts";
import { hasOwnLimits } from "../limits-of.ts";
import { serverName } from "../server-name.ts";
import { code, codes, strong } from "../span.ts";

/** What a fault asks for; `first` comes before the search for a slow part. */
const STEPS = {
  "sessions-mixed": {
    isFirst: true,
    text: "fix the state that sessions share before anything else: users see each other's answers",
  },
  "memory-leak": { isFirst: true, text: "fix the leak first: replicas leak as well, only later" },
  "cold-start": { isFirst: false, text: "let it listen last, or give it a startup probe" },
  "rate-limited": {
    isFirst: false,
    text: "ask whoever sets the limit for more, or call less often: it is no fault of the code",
  },
  "connection-limit": { isFirst: false, text: "raise its limit of connections or its listen backlog" },
  serialising: {
    isFirst: false,
    text: "find the lock or the single connection: one instance will not get faster with more CPU",
  },
  "pool-exhausted": {
    isFirst: false,
    text: "enlarge the pool, or hold its connections for a shorter time, before adding replicas",
  },
  "slow-dependency": {
    isFirst: false,
    text: "time what stands behind the slow tool, and give it a short limit or a circuit breaker",
  },
  "event-loop-blocked": { isFirst: false, text: "take a CPU profile, and move what blocks to a worker thread" },
} as const satisfies Record<Fault, { isFirst: boolean; text: string }>;

/** @returns one for each thing to do, the most urgent first; empty where all is known and well */
export const nextSteps = (context: ReportContext, carried: readonly Carried[]): Inline[] => {
  const { record, generator, findings } = context;
  if (generator.level === "saturated") {
    const [reason = "it had no room left"] = generator.reasons;
    return [[strong("Give the load generator room, and run again"), `: ${reason}.`], ...ofFaults(context, true)];
  }
  const slow = slowTools(record.file);
  const shapes = context.shapes();
  const told = new Set([...findings, ...slow, ...shapes].map(({ server }) => server));
  return [
    ...(record.file.state === "complete"
      ? []
      : [[strong("Run again to the end"), ": this record stops where its process was killed."]]),
    ...ofFaults(context, true),
    ...slow.map(ofSlowTool),
    ...ofFaults(context, false),
    ...ofShapes(shapes),
    ...carried.filter(({ server }) => !told.has(server)).flatMap(ofBroken),
    ...carried.flatMap(({ server }) => ofCeiling(server, context)),
    ...ofUnknownCeilings(context, carried),
    ...ofDefaultLimits(context, carried),
  ];
};

/** Servers with the same fault want the same. */
const ofFaults = ({ findings }: ReportContext, isFirst: boolean): Inline[] =>
  [...Map.groupBy(findings, ({ fault }) => fault)]
    .filter(([fault]) => STEPS[fault].isFirst === isFirst)
    .map(([fault, each]) => [...serversOf(each), `: ${STEPS[fault].text} (`, code(fault), ")."]);

const ofShapes = (shapes: readonly Shape[]): Inline[] =>
  [...Map.groupBy(shapes, ({ shape }) => shape)].map(([shape, each]) => [
    ...serversOf(each),
    `: look for ${SHAPES[shape]} (`,
    code(shape),
    ").",
  ]);

const serversOf = (hints: readonly { readonly server: string }[]): (string | Span)[] =>
  codes(hints.map(({ server }) => server));

const ofSlowTool = ({ server, tool, p50Ms, othersMs, others, shareOfTime }: SlowTool): Inline => [
  strong("Profile "),
  code(tool),
  strong(" before adding replicas"),
  ": its p50 of ",
  `${msText(p50Ms)} ms is ${timesText(p50Ms, othersMs)} ${others === 1 ? "that of the other tool" : `the median of the other ${others} tools`} of `,
  code(server),
  ` (${msText(othersMs)} ms), and it takes ${percentText(shareOfTime, 1)} of the time in tool calls.`,
];

/** What takes less than a millisecond is measured too coarsely to divide by. */
const timesText = (p50Ms: number, othersMs: number): string =>
  `${othersMs < 1 ? "more than " : ""}${countText(Math.floor(p50Ms / Math.max(1, othersMs)))} times`;

const ofBroken = ({ server, uses, kind }: Carried): Inline[] => {
  const [worst] = uses;
  if (worst === undefined || !worst.isBroken) return [];
  const next =
    worst.limit === "errorPercent"
      ? "Look at what the failures say: success comes before any latency."
      : "Time the steps of that call on the server before adding replicas.";
  return [[code(serverName(server)), `: ${limitText(worst, kind)}, and the figures name no cause. ${next}`]];
};

/** Room for more sessions is planned by the knee and the ceiling, where a search has found them. */
const ofCeiling = (server: string, { ceilingOf }: ReportContext): Inline[] => {
  const found = ceilingOf(server);
  if (found === null || found.trigger.advised === null) return [];
  const { advised } = found.trigger;
  return [
    [
      "Start a further replica of ",
      code(server),
      ` before one has more than ${unitText(advised, found.head.shape)}, by the search for its ceiling.`,
    ],
  ];
};

/** Only of what kept its limits: a broken server has its limit found already. */
const ofUnknownCeilings = ({ ceilingOf }: ReportContext, carried: readonly Carried[]): Inline[] => {
  if (ceilingOf(null) !== null) return [];
  const unknown = carried.filter(
    ({ server, isKept, sessions }) => server !== "" && isKept && sessions !== null && ceilingOf(server) === null,
  );
  const [first, ...others] = unknown;
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `, and of ${others.map(({ server }) => server).join(", ")} likewise`;
  return [
    ["Find how much ", code(first.server), " can carry: ", code(`swarmbridge ceiling ${first.server}`), `${more}.`],
  ];
};

const ofDefaultLimits = ({ record: { file } }: ReportContext, carried: readonly Carried[]): Inline[] => {
  const without = carried
    .filter(({ server }) => server !== "" && !hasOwnLimits(file, server))
    .map(({ server }) => server);
  if (without.length === 0) return [];
  return [
    [
      "Say what ",
      without.join(", "),
      " may promise (",
      code("slo"),
      "): our defaults were used, and suit nobody in particular.",
    ],
  ];
};
