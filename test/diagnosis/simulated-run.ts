/**
 * A run against a server that exists only as a rule, on a simulated clock: closed users that open a session, list the
 * tools, and then call them one after the other or some at once. Gives the
 * record that the bridge would have written, made by the recorder itself.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { lognormalStream } from "../../demo/lognormal.ts";
import { type Random, seededRandom } from "../../demo/random.ts";
import { Batch, NameList } from "../../record/batch.ts";
import type { BurstEvent } from "../../record/facts/bursts.ts";
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
  /** Calls that a user sends at once; 1 if absent. */
  readonly atOnce?: number;
  /** What each request, of whatever kind, takes of the server's only core before anything else; 0 if absent. */
  readonly cpuMs?: number;
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

/** What a session begins with: no tool's work. */
const OPENING = ["initialize", "tools/list"];
const OPENING_MS = 2;
/** Between two calls of a burst, as they are sent. */
const APART_MS = 0.1;

interface UnderWay {
  readonly sentMs: number;
  readonly endMs: number;
  readonly tool: number;
}

interface Simulated {
  readonly samples: readonly Sample[];
  readonly bursts: readonly BurstEvent[];
}

const simulatedCalls = (run: SimulatedRun): Simulated => {
  const random = seededRandom(run.seed);
  const workOf = run.tools.map((tool) => lognormalStream({ maxMs: 1e6, ...tool }, random));
  const free = new Array<number>(run.lanes ?? 0).fill(0);
  const core = [0];
  const underWay: UnderWay[] = [];
  const samples: Sample[] = [];
  const bursts: BurstEvent[] = [];
  const users = Array.from({ length: run.users }, (_, user) => ({
    nextMs: Math.floor(user / run.spawnRate) * 1000 + random() * 20,
    opened: 0,
  }));

  /** @returns when it ended; null where it failed */
  const send = (sentMs: number, opening: string | undefined): number | null => {
    for (let at = underWay.length - 1; at >= 0; at--) if ((underWay[at]?.endMs ?? 0) <= sentMs) underWay.splice(at, 1);
    const tool = opening === undefined ? drawn(run.tools, random) : -1;
    const load = underWay.length + 1;
    const name = `learn:${opening ?? `tools/call:${run.tools[tool]?.name}`}`;
    const sample = { name, underWay: load, bytesIn: 100, bytesOut: 10 };
    const outcome = outcomeOf(run, sentMs, load);
    if (outcome !== "ok") {
      samples.push({ ...sample, outcome, endMs: sentMs + FAILURE_MS, serviceMs: FAILURE_MS });
      return null;
    }
    const begunMs = doneMs(core, sentMs, run.cpuMs ?? 0);
    const alike = underWay.filter((each) => each.tool === tool).length;
    const workMs = (workOf[tool]?.() ?? 0) * (1 + alike * (run.tools[tool]?.slowerByEach ?? 0));
    const readyMs = opening === undefined ? doneMs(free, begunMs, workMs) : begunMs + OPENING_MS;
    const endMs = afterBlock(run, readyMs, random);
    underWay.push({ sentMs, endMs, tool });
    samples.push({ ...sample, outcome, endMs, serviceMs: endMs - sentMs, responseMs: endMs - sentMs });
    return endMs;
  };

  const untilMs = run.seconds * 1000;
  for (;;) {
    const user = users.reduce((one, other) => (other.nextMs < one.nextMs ? other : one));
    const beganMs = user.nextMs;
    if (beganMs >= untilMs) return { samples: samples.sort((a, b) => a.endMs - b.endMs), bursts };
    const opening = OPENING[user.opened];
    const calls = opening === undefined ? (run.atOnce ?? 1) : 1;
    const beforeMs = underWay.filter(({ endMs }) => endMs > beganMs).flatMap(({ sentMs, endMs }) => [sentMs, endMs]);
    const sentMs = Array.from({ length: calls }, (_, call) => beganMs + call * APART_MS);
    const ends = sentMs.map((ms) => send(ms, opening));
    const endsMs = ends.filter((ms) => ms !== null);
    const isAllOk = endsMs.length === calls;
    if (calls > 1 && isAllOk) {
      const spansMs = sentMs.flatMap((ms, call) => [ms, endsMs[call] ?? ms]);
      bursts.push({ name: "learn:parallel", calls, spansMs, beforeMs, isAllOk });
    }
    if (opening !== undefined && isAllOk) user.opened += 1;
    const thinkMs = opening === undefined ? run.thinkMs * 2 * random() : 0;
    user.nextMs = isAllOk ? Math.max(...endsMs) + 0.2 + thinkMs : beganMs + FAILURE_MS + 500 + random() * 500;
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
  const { samples, bursts } = simulatedCalls(run);
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
        facts: second === lastSecond && isLast ? bursts.map((event) => ({ kind: "bursts", event })) : [],
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
