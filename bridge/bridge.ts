import { release, type } from "node:os";
import type { Credentials } from "../auth/credential.ts";
import { createCredentials } from "../auth/credentials.ts";
import { realWorld } from "../auth/real-world.ts";
import type { AuthEvent } from "../auth/world.ts";
import { describeServers } from "../config/describe.ts";
import type { Lookup } from "../config/environment.ts";
import type { ServerSettings, Settings } from "../config/settings.ts";
import type { MemoryEvent } from "../record/facts/server-memory.ts";
import { HighMarks } from "../record/metrics/high-marks.ts";
import type { MetricFamily } from "../record/metrics/metric-family.ts";
import { runMetrics } from "../record/metrics/run-metrics.ts";
import { NO_TOTALS, type Recorder, type RunIdentity, type Totals } from "../record/recorder.ts";
import type { Gauges, Tally } from "../record/sample.ts";
import { startRecorder } from "../record/start-recorder.ts";
import { ArgumentMaker } from "./arguments/argument-maker.ts";
import { recordArrivals } from "./arrivals.ts";
import { type AuthFact, AuthReports } from "./auth-reports.ts";
import { CleanRecorder, cleanIdentity } from "./clean-recorder.ts";
import { FromServer } from "./from-server.ts";
import { Guard } from "./guard.ts";
import { IsolationCount } from "./isolation-count.ts";
import { KeptResults } from "./kept-results.ts";
import type { ArrivalsMessage, Message, Share, TurnMessage, UsersMessage } from "./link/messages.ts";
import { type LiveLine, liveLine } from "./live-line.ts";
import { createMcpServer } from "./mcp/mcp-server.ts";
import type { McpServer } from "./mcp-session.ts";
import { Operations } from "./operations.ts";
import { isOrdinary, type Redactor } from "./redactor.ts";
import type { ServerLane } from "./server-lane.ts";
import { MemoryWatch } from "./server-memory/memory-watch.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import { recordTurn } from "./turns.ts";
import { VERSION } from "./version.ts";
import { Watch } from "./watch.ts";

/**
 * The bridge of one Locust process: its servers, the users' operations, and the test run that is being recorded, if
 * any. What is still open when the run stops is closed before its record is complete.
 */

export type StartMessage = Extract<Message, { op: "start" }>;

/** How long sessions that were left open get to be closed at a stop. docs/link-protocol.md, `quit`. */
const CLOSE_MS = 3_000;
/** How long the last readings of servers' memory may take. */
const MEMORY_MS = 3_000;
/** How long a collector may take for the last figures. */
const TELEMETRY_MS = 2_000;
const ORDINARY_NOTE =
  "its credential is short or an ordinary word: it is taken out of results, details and names wherever it stands, also where it means something else";

export interface BridgeOptions {
  readonly settings: Settings;
  readonly environment: Lookup;
  /** Folder under which run records are made. */
  readonly resultsRoot: string;
  /** Versions of Locust's side, for the record. */
  readonly versions: Readonly<Record<string, string>>;
  readonly note: (level: "info" | "warning", text: string) => void;
  /** Hears of every secret of `auth/`, and stands before the run record. */
  readonly redactor: Redactor;
}

/** With what an operation does not need. */
interface BridgeLane extends ServerLane {
  readonly auth: AuthReports;
  readonly fromServer: FromServer;
}

export class Bridge {
  readonly settings: Settings;
  readonly operations: Operations;
  /** The room for large results. */
  readonly kept = new KeptResults();
  readonly arguments = new ArgumentMaker();
  readonly #options: BridgeOptions;
  readonly #lanes = new Map<string, BridgeLane>();
  /** By target. */
  readonly #guards = new Map<string, Guard>();
  readonly #watch: Watch;
  /** Hears of every token, renewal and refused credential. */
  onAuth: (fact: AuthFact) => void = () => undefined;
  #share: Share = { index: 0, of: 1 };
  /** The share of the identities, which stays for a run. */
  #identityShare: Share = { index: 0, of: 1 };
  #recorder: Recorder | null = null;
  /** Of the run that is recorded, where the configuration wants it. */
  #telemetry: Telemetry | null = null;
  /** What monitoring was told of the run. */
  #told = new HighMarks();
  /** The last reading, once there was one. */
  #gauges: Partial<Gauges> = {};
  #stopping: Promise<string | null> | null = null;
  #closeMs = CLOSE_MS;
  /** Of servers whose memory is read, while a run is recorded. */
  #memories: MemoryWatch[] = [];
  /** Servers of whose credential it was said that it is an ordinary word. */
  readonly #toldOrdinary = new Set<string>();

  constructor(options: BridgeOptions) {
    this.settings = options.settings;
    this.#options = options;
    this.operations = new Operations(
      (server) => this.#lane(server),
      () => this.#recorder,
      this.kept,
      () => this.#telemetry?.tracer ?? null,
    );
    this.#watch = new Watch(
      () => this.operations.counted(),
      (gauges) => {
        this.#gauges = gauges;
        // A stop has had its last reading: while sessions are closed there is nobody left to count.
        if (this.#stopping === null) this.#recorder?.gauges(gauges);
        this.#hearConnections();
        this.#hearServers();
      },
    );
  }

  /**
   * Begins the record of a test run; one that was never stopped ends first.
   * @returns the folder of the record
   * @throws {RecordError} when the folder cannot be made or written
   */
  async start(message: StartMessage): Promise<string> {
    await this.stop("superseded by a new run", null);
    this.divide(message.share);
    this.#assign(message.share);
    // Made now, not by the first user: what a server's lane needs to load would stand in that user's harness delay.
    for (const server of Object.keys(this.settings.servers)) this.#lane(server);
    const { resultsRoot, redactor, note } = this.#options;
    const identity = cleanIdentity(this.#identity(message), redactor);
    const recorder = await startRecorder(identity, resultsRoot, {
      tally: message.tally,
      onWarning: (text) => note("warning", text),
    });
    this.#recorder = new CleanRecorder(recorder, redactor);
    this.#told = new HighMarks();
    this.#watchMemories();
    await this.#startTelemetry(identity);
    return this.#recorder.dir;
  }

  /** @returns the folder of the record that is complete now; null when none was being written */
  stop(reason: string, tally: Tally | null): Promise<string | null> {
    // The first one to ask has the reason and the tally; an end that comes meanwhile waits for it.
    this.#stopping ??= this.#stop(reason, tally).finally(() => {
      this.#stopping = null;
    });
    return this.#stopping;
  }

  async #stop(reason: string, tally: Tally | null): Promise<string | null> {
    const recorder = this.#recorder;
    if (recorder === null) return null;
    // What is open now was left open by its user, or by Locust: the record's last reading says so (R15).
    recorder.gauges(this.#watch.read());
    const memoryMs = Math.min(MEMORY_MS, this.#closeMs);
    await Promise.all(this.#memories.splice(0).map((memory) => memory.end(memoryMs)));
    await this.operations.closeAll(this.#closeMs);
    this.#cutTokensOff();
    this.#hearConnections();
    this.#hearServers();
    await this.#telemetry?.end(Math.min(TELEMETRY_MS, this.#closeMs));
    this.#telemetry = null;
    this.#recorder = null;
    this.#told = new HighMarks();
    await recorder.stop(reason, tally);
    return recorder.dir;
  }

  /**
   * Ends everything: sessions, record, connections.
   * @param closeMs how long the servers get to answer the DELETEs of sessions that are still open
   */
  async end(reason: string, closeMs = CLOSE_MS): Promise<void> {
    this.#closeMs = Math.min(this.#closeMs, closeMs);
    await this.stop(reason, null);
    await this.operations.closeAll(this.#closeMs);
    this.#watch.stop();
    this.arguments.close();
    for (const lane of this.#lanes.values()) lane.credentials.close();
    await Promise.allSettled(Array.from(this.#lanes.values(), (lane) => lane.mcp.close()));
  }

  #hearConnections(): void {
    for (const [server, { mcp }] of this.#lanes) {
      const reading = mcp.connections.read();
      if (reading === null) continue;
      this.#recorder?.fact({ kind: "connections", event: { server, atMs: Date.now(), ...reading } });
    }
  }

  /** What servers told and asked, and what marks in their answers said, since this was last called. */
  #hearServers(): void {
    for (const { fromServer, isolation } of this.#lanes.values()) {
      const event = fromServer.take();
      if (event !== null) this.#recorder?.fact({ kind: "fromServer", event });
      const marks = isolation.take();
      if (marks !== null) this.#recorder?.fact({ kind: "isolation", event: marks });
    }
  }

  /** Without this an issuer that never answers would be nowhere in the record of a run that is shorter than its limit. */
  #cutTokensOff(): void {
    for (const { auth, credentials } of this.#lanes.values()) {
      for (const waitedMs of credentials.waitsMs()) auth.cutOff(waitedMs);
    }
  }

  /** Loaded when it is asked for: OpenTelemetry's packages would cost every start. */
  async #startTelemetry(identity: RunIdentity): Promise<void> {
    const { telemetry: settings, telemetryNote } = this.settings;
    const { redactor, note } = this.#options;
    if (telemetryNote !== undefined) note("warning", telemetryNote);
    if (settings === undefined) return;
    const { Telemetry } = await import("./telemetry/telemetry.ts");
    const redact = (text: string): string => redactor.clean(text);
    this.#telemetry = new Telemetry({ settings, identity, metrics: () => this.metrics(), redact, note });
  }

  /** Of several processes of a run the first one does it for all. */
  #watchMemories(): void {
    const recorder = this.#recorder;
    if (this.#share.index !== 0) return;
    this.#memories = Object.values(this.settings.servers).flatMap(({ name: server, memory }) => {
      if (memory === null) return [];
      const note = (text: string) => this.#options.note("warning", `${server}: ${text}`);
      // One that outlasts the limit at a stop comes too late for the record.
      const hear = (event: MemoryEvent) => {
        if (this.#recorder === recorder) recorder?.fact({ kind: "serverMemory", event });
      };
      return new MemoryWatch({ server, memory, hear, note });
    });
  }

  /**
   * Identities are dealt out at the start of a run and stay: when processes come or go later, the limits are divided
   * anew, but a user that changed its identity would be another user.
   */
  #assign(share: Share): void {
    if (share.index === this.#identityShare.index && share.of === this.#identityShare.of) return;
    this.#identityShare = share;
    for (const [name, lane] of this.#lanes) {
      lane.credentials.close();
      this.#lanes.set(name, { ...lane, credentials: this.#credentials(name, lane.settings, lane.auth) });
    }
  }

  /** The run's limits for other people's servers are divided over several bridges. */
  divide(share: Share): void {
    this.#share = share;
    for (const guard of this.#guards.values()) guard.divide(share);
  }

  /** What Locust's side says of itself once a second. */
  hearUsers(said: UsersMessage): void {
    this.#watch.hearLocust(said);
  }

  hearArrivals(message: ArrivalsMessage): void {
    recordArrivals(this.#recorder, message);
  }

  hearTurn(message: TurnMessage): void {
    recordTurn(this.#recorder, message);
  }

  async totals(): Promise<Totals> {
    return (await this.#recorder?.totals()) ?? NO_TOTALS;
  }

  /** All that monitoring takes of the run that is recorded now. */
  async metrics(): Promise<MetricFamily[]> {
    const told = this.#told;
    const [totals, durations] = await Promise.all([this.totals(), this.#recorder?.durations() ?? null]);
    return told.held(runMetrics({ totals, durations, now: { ...this.#gauges, ...this.operations.counted() } }));
  }

  /** For who looks on while the run goes on; null between runs. Nothing is made of it unless somebody asks. */
  async live(): Promise<LiveLine | null> {
    const figures = (await this.#recorder?.live()) ?? null;
    return figures === null ? null : liveLine(figures, { ...this.#gauges, ...this.operations.counted() });
  }

  #lane(name: string): ServerLane | null {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const settings = Object.hasOwn(this.settings.servers, name) ? this.settings.servers[name] : undefined;
    if (settings === undefined) return null;
    const note = (text: string) => this.#options.note("warning", `${name}: ${text}`);
    const guard = this.#guardOf(settings);
    const fromServer = new FromServer(name);
    const mcp: McpServer = createMcpServer(settings, {
      onHidden: (request) => this.#recorder?.hidden(`${name}:${request}`),
      onRepair: (repair) => auth.repaired(repair),
      fromServer,
      kept: this.kept,
      note,
    });
    const auth = new AuthReports({
      server: name,
      recorder: () => this.#recorder,
      redact: (text) => mcp.redact(text),
      tell: (fact) => this.onAuth(fact),
      note,
    });
    const credentials = this.#credentials(name, settings, auth);
    const isolation = new IsolationCount(name);
    const lane = { settings, mcp, guard, auth, fromServer, isolation, credentials };
    this.#lanes.set(name, lane);
    return lane;
  }

  #credentials(name: string, settings: ServerSettings, auth: AuthReports): Credentials {
    const { folder } = this.settings;
    const surroundings = {
      ...realWorld(folder),
      lookup: this.#options.environment,
      folder,
      server: settings,
      report: (event: AuthEvent) => auth.hear(event),
      learn: (secret: string) => this.#learn(secret, name),
    };
    return createCredentials(settings.auth, surroundings, this.#identityShare);
  }

  #learn(secret: string, server: string): void {
    this.#options.redactor.learn(secret);
    if (!isOrdinary(secret) || this.#toldOrdinary.has(server)) return;
    this.#toldOrdinary.add(server);
    this.#options.note("warning", `${server}: ${ORDINARY_NOTE}`);
  }

  /** Limits hold for a target, however many entries name it. The most generous consent among them counts. */
  #guardOf(settings: ServerSettings): Guard {
    const target = targetOf(settings);
    const known = this.#guards.get(target);
    if (known !== undefined) return known;
    const entries = Object.values(this.settings.servers).filter((entry) => targetOf(entry) === target);
    const pace = (entry: ServerSettings): number => entry.allow?.callsPerSecond ?? 0;
    const most = entries.reduce((best, entry) => (pace(entry) > pace(best) ? entry : best), settings);
    const guard = new Guard(most, (text) => this.#options.note("warning", text));
    guard.divide(this.#share);
    this.#guards.set(target, guard);
    return guard;
  }

  #identity(message: StartMessage): RunIdentity {
    return {
      id: message.run,
      part: message.part,
      startedAt: new Date().toISOString(),
      startedMs: performance.now(),
      plan: message.plan,
      versions: {
        swarmbridge: VERSION,
        node: process.versions.node,
        os: `${type()} ${release()} ${process.arch}`,
        ...this.#options.versions,
      },
      servers: describeServers(this.settings),
    };
  }
}

/** Entries with the same origin are the same machine; a process is nobody else's. */
const targetOf = ({ url, transport }: ServerSettings): string => (transport === "stdio" ? url : new URL(url).origin);
