/**
 * A run against a server that exists only as a rule, on a simulated clock: closed users, one call after the other. Gives the
 * record that the bridge would have written, made by the recorder itself.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { lognormalStream } from "../../demo/lognormal.ts";
import { type Random, seededRandom } from "../../demo/random.ts";
import { Batch, NameList } from "../../record/batch.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import { RecordKeeper } from "../../record/record-keeper.ts";
import type { Gauges, Sample } from "../../record/sample.ts";
import { gauges, identity, newRoot, STARTED_AT } from "../record/samples.ts";

export interface SimulatedTool {
  readonly name: string;
  /** Share of the calls. */
  readonly weight: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  /** Each further call of it that is under way makes it longer by this share. */
  readonly slowerByEach?: number;
}

export interface SimulatedRun {
  readonly seed: number;
  readonly seconds: number;
  readonly users: number;
  /** Users that start in each second. */
  readonly spawnRate: number;
  readonly thinkMs: number;
  readonly tools: readonly SimulatedTool[];
  /** Calls that the server works on at a time. */
  readonly lanes?: number;
  /** The event loop is blocked that often, for so long. */
  readonly blocked?: { readonly everyMs: number; readonly ms: number };
  /** What begins with more than so many under way fails, with this reason. */
  readonly most?: { readonly underWay: number; readonly outcome: Sample["outcome"] };
  /** Until then everything fails. */
  readonly readyMs?: number;
  /** It is gone from then till then. */
  readonly down?: { readonly fromMs: number; readonly toMs: number };
  readonly gauges?: Partial<Gauges>;
}

const FAILURE_MS = 1;

const samplesOf = (run: SimulatedRun): Sample[] => {
  const random = seededRandom(run.seed);
  const workOf = run.tools.map((tool) => lognormalStream({ maxMs: 1e6, ...tool }, random));
  const free = new Array<number>(run.lanes ?? 0).fill(0);
  const underWay: { endMs: number; tool: number }[] = [];
  const samples: Sample[] = [];
  const nextMs = Array.from(
    { length: run.users },
    (_, user) => Math.floor(user / run.spawnRate) * 1000 + random() * 20,
  );
  const untilMs = run.seconds * 1000;
  for (;;) {
    const sentMs = Math.min(...nextMs);
    if (sentMs >= untilMs) return samples.sort((a, b) => a.endMs - b.endMs);
    const user = nextMs.indexOf(sentMs);
    for (let at = underWay.length - 1; at >= 0; at--) if ((underWay[at]?.endMs ?? 0) <= sentMs) underWay.splice(at, 1);
    const tool = drawn(run.tools, random);
    const rule = run.tools[tool] as SimulatedTool;
    const load = underWay.length + 1;
    const sample = { name: `learn:tools/call:${rule.name}`, underWay: load, bytesIn: 100, bytesOut: 10 };
    const outcome = outcomeOf(run, sentMs, load);
    if (outcome !== "ok") {
      samples.push({ ...sample, outcome, endMs: sentMs + FAILURE_MS, serviceMs: FAILURE_MS });
      nextMs[user] = sentMs + FAILURE_MS + 500 + random() * 500;
      continue;
    }
    const alike = underWay.filter((each) => each.tool === tool).length;
    const workMs = (workOf[tool]?.() ?? 0) * (1 + alike * (rule.slowerByEach ?? 0));
    const endMs = afterBlock(run, doneMs(free, sentMs, workMs), random);
    underWay.push({ endMs, tool });
    samples.push({ ...sample, outcome, endMs, serviceMs: endMs - sentMs, responseMs: endMs - sentMs });
    nextMs[user] = endMs + 0.2 + run.thinkMs * 2 * random();
  }
};

const outcomeOf = ({ readyMs = 0, down, most }: SimulatedRun, sentMs: number, load: number): Sample["outcome"] => {
  const isDown = down !== undefined && sentMs >= down.fromMs && sentMs < down.toMs;
  if (sentMs < readyMs || isDown) return "connect";
  return most !== undefined && load > most.underWay ? most.outcome : "ok";
};

const drawn = (tools: readonly SimulatedTool[], random: Random): number => {
  let left = random() * tools.reduce((sum, { weight }) => sum + weight, 0);
  for (const [index, { weight }] of tools.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return tools.length - 1;
};

/** First come, first served, by whichever lane is free first; without lanes everybody is served at once. */
const doneMs = (free: number[], sentMs: number, workMs: number): number => {
  if (free.length === 0) return sentMs + workMs;
  const lane = free.indexOf(Math.min(...free));
  const endMs = Math.max(sentMs, free[lane] ?? 0) + workMs;
  free[lane] = endMs;
  return endMs;
};

/** What would end in a block ends right behind it. */
const afterBlock = ({ blocked }: SimulatedRun, endMs: number, random: Random): number => {
  if (blocked === undefined) return endMs;
  const intoMs = endMs % blocked.everyMs;
  return endMs > blocked.everyMs && intoMs < blocked.ms ? endMs - intoMs + blocked.ms + random() * 10 : endMs;
};

/** @returns the record, its timeline included, of which nothing is left on disk */
export const simulated = (run: SimulatedRun): RunRecord => {
  const dir = join(newRoot(), "run");
  const wallMs = Date.parse(STARTED_AT);
  const onWarning = (text: string): void => {
    throw new Error(text);
  };
  const options = {
    identity: identity(),
    dir,
    tally: null,
    cause: "bridge-lost",
    onWarning,
    now: () => wallMs,
  } as const;
  const keeper = new RecordKeeper(options);
  const names = new NameList();
  let sent = 0;
  const samples = samplesOf(run);
  const lastSecond = Math.ceil((samples.at(-1)?.endMs ?? 0) / 1000);
  let at = 0;
  for (let second = 1; second <= lastSecond; second++) {
    const reading = gauges({ users: Math.min(run.users, run.spawnRate * second), ...run.gauges });
    for (let isLast = false; !isLast; ) {
      const batch = new Batch();
      while (!batch.isFull && (samples[at]?.endMs ?? Number.POSITIVE_INFINITY) <= second * 1000) {
        const sample = samples[at++] as Sample;
        batch.append(sample, names.indexOf(sample.name), null);
      }
      isLast = !batch.isFull;
      keeper.take({
        op: "batch",
        nowMs: second * 1000,
        names: names.names.slice(sent),
        numbers: batch.take(),
        late: new Float64Array(0),
        hidden: [],
        failures: [],
        facts: [],
        gauges: isLast ? reading : null,
      });
      sent = names.names.length;
    }
    // A record that is not written for a minute forgets rows of its timeline.
    if (second % 30 === 0) keeper.flush();
  }
  keeper.stop("run time reached", null);
  return readRun(dir);
};

export const forget = ({ dir }: RunRecord): void => rmSync(join(dir, ".."), { recursive: true });
