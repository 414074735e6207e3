/**
 * Runs and their life. No timer: a run's states are fixed with their times when it starts or is stopped, and what it is in
 * is read off the clock.
 */

import type { LoadTests, StoredTest, Surroundings } from "./load-tests.ts";
import { isMap, type Json, mergePatched } from "./merge-patch.ts";
import { type Judgement, judged, type ResultRow, seededRows } from "./run-results.ts";
import { conflict, invalid, notFound } from "./service-error.ts";

export interface Phase {
  readonly state: string;
  readonly atMs: number;
}

export interface StoredRun {
  readonly testRunId: string;
  readonly testId: string;
  /** What was sent for it, over what the test had. */
  body: Json;
  readonly engines: number;
  readonly users: number;
  readonly createdMs: number;
  readonly executingMs: number;
  /** Read it by `TestRuns.timelineOf`. */
  timeline: readonly Phase[];
  errors: readonly { readonly code: string; readonly message: string }[];
  /** Reads since its end: statistics and artifacts lag behind. */
  readsSinceEnd: number;
  rows: readonly ResultRow[] | null;
  judgement: Judgement | null;
  hasArchives: boolean;
  appComponents: Json | null;
  serverMetrics: Json | null;
}

const BEFORE = ["ACCEPTED", "NOTSTARTED", "PROVISIONING", "PROVISIONED", "CONFIGURING", "CONFIGURED"] as const;
const AFTER = ["EXECUTED", "DEPROVISIONING", "DEPROVISIONED", "DONE"] as const;
const ENDED: ReadonlySet<string> = new Set(["DONE", "CANCELLED", "FAILED", "VALIDATION_FAILURE"]);
/** Where a run that cannot be carried out finds it out. */
const CONFIGURING = "CONFIGURING";
/** Fields that a run has from its test. */
const INHERITED = [
  "passFailCriteria",
  "autoStopCriteria",
  "secrets",
  "certificate",
  "environmentVariables",
  "loadTestConfiguration",
  "subnetId",
  "publicIPDisabled",
  "kind",
] as const;

export interface Results {
  /** Makes the rows of a run when its execution begins. */
  rowsOf: (run: {
    readonly testRunId: string;
    readonly engines: number;
    readonly users: number;
  }) => readonly ResultRow[];
  /** Actual values of server criteria, by `resourceId metricName`. */
  readonly serverValues: Map<string, number>;
}

export const seededResults = (): Results => ({ rowsOf: seededRows, serverValues: new Map() });

export class TestRuns {
  readonly byId = new Map<string, StoredRun>();
  readonly #tests: LoadTests;
  readonly #around: Surroundings;
  readonly #results: Results;

  constructor(tests: LoadTests, around: Surroundings, results: Results) {
    this.#tests = tests;
    this.#around = around;
    this.#results = results;
  }

  /** @throws {ServiceError} 404 */
  get(testRunId: string): StoredRun {
    const run = this.byId.get(testRunId);
    if (run === undefined) throw notFound("TestRunNotFound", `Test run not found with given name '${testRunId}'.`);
    return run;
  }

  /** A run that is held has the rest of its life put off, again with each look. */
  timelineOf(run: StoredRun): readonly Phase[] {
    const { faults, now } = this.#around;
    const held = run.timeline.findIndex(({ state }) => state === faults.heldAt);
    const next = run.timeline[held + 1];
    if (held === -1 || next === undefined || next.state === "CANCELLING" || next.atMs > now()) return run.timeline;
    const delayMs = now() + 1 - next.atMs;
    run.timeline = run.timeline.map((phase, index) =>
      index <= held ? phase : { state: phase.state, atMs: phase.atMs + delayMs },
    );
    return run.timeline;
  }

  stateOf(run: StoredRun): string {
    const now = this.#around.now();
    return this.timelineOf(run).findLast(({ atMs }) => atMs <= now)?.state ?? BEFORE[0];
  }

  hasEnded(run: StoredRun): boolean {
    return ENDED.has(this.stateOf(run));
  }

  ofTest(testId: string): readonly StoredRun[] {
    return [...this.byId.values()].filter((run) => run.testId === testId);
  }

  /** @returns whether it is new; again with the same id it is the same run */
  patch(
    testRunId: string,
    patch: Json,
    oldTestRunId: string | null,
  ): { readonly run: StoredRun; readonly isNew: boolean } {
    const present = this.byId.get(testRunId);
    if (present !== undefined) {
      if (patch.testId !== undefined && patch.testId !== present.testId) {
        throw conflict("TestRunAlreadyExists", `The run '${testRunId}' belongs to another test.`);
      }
      present.body = mergePatched(present.body, patch) as Json;
      return { run: present, isNew: false };
    }
    if (oldTestRunId !== null) this.get(oldTestRunId);
    if (typeof patch.testId !== "string") throw invalid("A run needs a testId.", "testId");
    return { run: this.#start(testRunId, this.#tests.get(patch.testId), patch), isNew: true };
  }

  stop(run: StoredRun): void {
    if (this.hasEnded(run)) throw conflict("TestRunAlreadyEnded", "The run has ended.");
    this.stopAt(run, this.#around.now());
  }

  stopAt(run: StoredRun, atMs: number): void {
    const kept = this.timelineOf(run).filter((phase) => phase.atMs < atMs);
    if (kept.some(({ state }) => state === "CANCELLING")) return;
    run.timeline = [
      ...kept,
      { state: "CANCELLING", atMs },
      { state: "CANCELLED", atMs: atMs + this.#around.timing.stateMs },
    ];
  }

  delete(run: StoredRun): void {
    if (!this.hasEnded(run)) throw conflict("TestRunActive", "The run is active.");
    this.byId.delete(run.testRunId);
  }

  /** When it executed, as far as it has; null before. */
  execution(run: StoredRun): { readonly startMs: number; readonly endMs: number | null } | null {
    const now = this.#around.now();
    const timeline = this.timelineOf(run);
    const index = timeline.findIndex(({ state }) => state === "EXECUTING");
    const start = timeline[index];
    if (start === undefined || start.atMs > now) return null;
    const endMs = timeline[index + 1]?.atMs;
    return { startMs: start.atMs, endMs: endMs === undefined || endMs > now ? null : endMs };
  }

  /** Those that were measured until now. */
  rowsOf(run: StoredRun): readonly ResultRow[] {
    const execution = this.execution(run);
    if (execution === null) return [];
    run.rows ??= this.#results.rowsOf(run);
    const span = (execution.endMs ?? this.#around.now()) - execution.startMs;
    const part = span / run.executingMs;
    return part >= 1 ? run.rows : run.rows.filter(({ at }) => at < part);
  }

  /** How the service judges it; null before its end. */
  judgementOf(run: StoredRun): Judgement | null {
    if (!this.hasEnded(run)) return null;
    if (this.stateOf(run) !== "DONE") return { criteria: undefined, testResult: "NOT_APPLICABLE" };
    run.judgement ??= judged(run.body.passFailCriteria, this.rowsOf(run), {
      seconds: this.secondsOf(run),
      serverValues: this.#results.serverValues,
    });
    return run.judgement;
  }

  secondsOf(run: StoredRun): number {
    const execution = this.execution(run);
    return execution === null ? 0 : ((execution.endMs ?? this.#around.now()) - execution.startMs) / 1000;
  }

  #start(testRunId: string, test: StoredTest, patch: Json): StoredRun {
    this.#tests.checkStartable(test);
    const inherited = Object.fromEntries(
      INHERITED.flatMap((name) => (test.body[name] === undefined ? [] : [[name, test.body[name]]])),
    );
    const body = mergePatched(inherited, patch) as Json;
    const load = test.body.loadTestConfiguration as { readonly engineInstances: number };
    const { world, faults, timing, now } = this.#around;
    const limit = world.quotas.find(({ name }) => name === "maxEngineInstancesPerTestRun")?.limit ?? 400;
    if (load.engineInstances > limit) {
      throw invalid(`The run exceeds the quota of ${limit} maxEngineInstancesPerTestRun.`, "engineInstances");
    }
    const createdMs = now();
    const failure = this.#failureOf(test);
    const run: StoredRun = {
      testRunId,
      testId: test.testId,
      body,
      engines: load.engineInstances,
      users: usersOf(test),
      createdMs,
      executingMs: timing.executingMs,
      timeline: this.#timeline(createdMs, failure),
      errors: failure === null ? [] : [{ code: failure.code, message: failure.message }],
      readsSinceEnd: 0,
      rows: null,
      judgement: null,
      hasArchives: false,
      appComponents: test.appComponents,
      serverMetrics: test.serverMetrics,
    };
    this.byId.set(testRunId, run);
    if (faults.stoppedInPortalAfterMs !== null) this.stopAt(run, createdMs + faults.stoppedInPortalAfterMs);
    faults.stoppedInPortalAfterMs = null;
    return run;
  }

  /** What will end a run early: a fault that is switched on, a script that no longer works, a secret that cannot be read. */
  #failureOf(test: StoredTest): Failure | null {
    const { faults, world } = this.#around;
    const scripted = faults.runFailure;
    const refused = faults.runValidationFailure;
    faults.runFailure = null;
    faults.runValidationFailure = null;
    const scriptFault = refused ?? this.#tests.scriptFault(test);
    if (scriptFault !== null) {
      return { end: "VALIDATION_FAILURE", at: CONFIGURING, code: "TestScriptValidationFailed", message: scriptFault };
    }
    const identity = test.body.keyvaultReferenceIdentityId;
    const principal = world.principalOf(typeof identity === "string" ? identity : null);
    const urls = [...valuesOf(test.body.secrets), ...valuesOf({ certificate: test.body.certificate })];
    const faulty = urls.map((url) => world.vaultFault(url, principal)).find((fault) => fault !== null);
    if (faulty !== undefined) {
      return {
        end: "FAILED",
        at: CONFIGURING,
        code: "KeyVaultReferenceFailed",
        message: `A Key Vault reference failed: ${faulty}.`,
      };
    }
    if (scripted === null) return null;
    return { end: "FAILED", at: scripted.state, code: scripted.code, message: scripted.message };
  }

  #timeline(fromMs: number, failure: Failure | null): readonly Phase[] {
    const { stateMs, executingMs } = this.#around.timing;
    const phases: Phase[] = [];
    let atMs = fromMs;
    for (const state of [...BEFORE, "EXECUTING", ...AFTER]) {
      if (state === failure?.at) return [...phases, { state: failure.end, atMs }];
      phases.push({ state, atMs });
      atMs += state === "EXECUTING" ? executingMs : stateMs;
    }
    return phases;
  }
}

interface Failure {
  readonly end: "FAILED" | "VALIDATION_FAILURE";
  /** The state that it does not reach. */
  readonly at: string;
  readonly code: string;
  readonly message: string;
}

const valuesOf = (map: unknown): readonly string[] =>
  Object.values(isMap(map) ? map : {}).flatMap((one) =>
    isMap(one) && typeof one.value === "string" ? [one.value] : [],
  );

/** The total that the environment names, else the one of locust.conf, else 1. */
const usersOf = (test: StoredTest): number => {
  const env = test.body.environmentVariables;
  const named = isMap(env) ? env.LOCUST_USERS : undefined;
  const conf = [...test.files.values()].find(({ fileType }) => fileType === "USER_PROPERTIES");
  const written = /^\s*users\s*[=:]\s*(\d+)/m.exec(conf?.bytes.toString("utf8") ?? "")?.[1];
  return Number(named ?? written ?? 1);
};
