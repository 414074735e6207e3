/**
 * What Ctrl-C means while a run is submitted and followed. Nothing has to be unwound: what must survive is on the disk
 * before the run is started, so to leave is to end the process.
 */

import { AuthError } from "../../auth/auth-error.ts";
import { AzureError } from "../../azure/azure-error.ts";
import { EXIT_OF_SIGNAL } from "../exit-code.ts";
import type { RunJson } from "./run-report.ts";

export type Signal = keyof typeof EXIT_OF_SIGNAL;

/**
 * How far the command is. `text` is what the user should know when it ends here. `starting`: the run was asked for, and no
 * answer has come. `stop` resolves to false when there is no run, and there will be none.
 */
export type Phase =
  | { readonly is: "leaving-is-safe"; readonly text: string }
  | { readonly is: "starting" | "running"; readonly testRunId: string; readonly stop: () => Promise<boolean> };

type RunPhase = Exclude<Phase, { is: "leaving-is-safe" }>;

/** What is left behind, and what to do about it. */
export interface Leaving {
  readonly lines: readonly string[];
  readonly next: string | null;
}

export interface InterruptionWorld {
  /** Somebody can be asked. */
  readonly isInteractive: boolean;
  readonly say: (text: string) => void;
  /** Rejects when no answer comes. */
  readonly ask: (question: string) => Promise<string>;
  /** After all was said. @param run what is known of it; null: there is none */
  readonly exit: (code: number, leaving: Leaving, run: RunJson | null) => void;
}

export class Interruption {
  phase: Phase = { is: "leaving-is-safe", text: "nothing was sent to Azure" };
  /** What is known of the run; null: there is none. */
  run: RunJson | null = null;
  /** The user has stopped the run: its end as CANCELLED is no surprise. */
  hasStopped = false;
  #isAsking = false;
  #stopping: Promise<Leaving> | null = null;
  readonly #world: InterruptionWorld;

  constructor(world: InterruptionWorld) {
    this.#world = world;
  }

  /**
   * - before the run is asked for, and after its end: says what there is, and ends;
   * - on a terminal: asks "stop or detach"; a second Ctrl-C detaches at once;
   * - without one, as when a pipeline is cancelled: stops the run at Azure, and ends. A second SIGINT detaches;
   * - a terminal that is closed (SIGHUP) detaches: the run goes on.
   */
  async take(signal: Signal): Promise<void> {
    const { phase } = this;
    if (phase.is === "leaving-is-safe") return this.#leave(signal, { lines: [phase.text], next: null });
    if (signal === "SIGTERM" && this.#stopping !== null) return; // The same cancellation, grown impatient.
    const isSecond = this.#isAsking || this.#stopping !== null || this.hasStopped;
    if (signal === "SIGHUP" || isSecond) this.#leave(signal, this.#asItIs(phase));
    else if (this.#world.isInteractive && signal === "SIGINT") await this.#ask(signal);
    else this.#leave(signal, await this.#stop(phase));
  }

  /** Resolves when a stop that is under way has come to its end. */
  async settled(): Promise<void> {
    await this.#stopping;
  }

  async #ask(signal: Signal): Promise<void> {
    this.#isAsking = true;
    const answer = await this.#world
      .ask("stop the run at Azure, or detach and let it go on? [s/d, anything else follows on] ")
      .catch(() => "d");
    this.#isAsking = false;
    const choice = answer.trim().toLowerCase();
    // It may have started, or ended, while the question stood there.
    const { phase } = this;
    if (phase.is === "leaving-is-safe") return;
    if (choice.startsWith("s")) this.#say(await this.#stop(phase));
    else if (choice.startsWith("d")) this.#leave(signal, this.#asItIs(phase));
  }

  /** @returns what came of it; never rejects */
  #stop(phase: RunPhase): Promise<Leaving> {
    this.#world.say(`stopping ${phase.testRunId}`);
    this.#stopping = this.#stopped(phase).finally(() => {
      this.#stopping = null;
    });
    return this.#stopping;
  }

  async #stopped({ is, testRunId, stop }: RunPhase): Promise<Leaving> {
    try {
      if (!(await stop())) return { lines: ["the run was not started"], next: null };
      this.hasStopped = true;
      return { lines: ["Azure stops it; its engines are gone some minutes later"], next: whatItLeft(testRunId) };
    } catch (error) {
      const doubt = is === "starting" ? ", and it may have been started" : "";
      const lines = [`it could not be stopped${doubt}: ${reasonOf(error)}`];
      return { lines, next: `try again: swarmbridge azure stop ${testRunId}` };
    }
  }

  /** For who leaves at once. */
  #asItIs({ is, testRunId }: RunPhase): Leaving {
    if (this.hasStopped) return { lines: ["the run is being stopped at Azure"], next: whatItLeft(testRunId) };
    if (this.#stopping !== null) {
      const lines = ["nobody knows whether Azure has taken the stop"];
      return { lines, next: `to be sure: swarmbridge azure stop ${testRunId}` };
    }
    return is === "starting" ? perhapsStarted(testRunId) : detached(testRunId);
  }

  #leave(signal: Signal, leaving: Leaving): void {
    this.#say(leaving);
    this.#world.exit(EXIT_OF_SIGNAL[signal], leaving, this.run);
  }

  #say(leaving: Leaving): void {
    this.#world.say(leavingText(leaving));
  }
}

const whatItLeft = (testRunId: string): string => `what it leaves: swarmbridge azure download ${testRunId}`;

const reasonOf = (error: unknown): string => {
  if (error instanceof AzureError || error instanceof AuthError) return error.sentence;
  return error instanceof Error ? error.message : "unknown";
};

const perhapsStarted = (testRunId: string): Leaving => ({
  lines: [
    "the run was asked for, and no answer has come: it may have been started",
    `To stop it: swarmbridge azure stop ${testRunId}`,
  ],
  next: `look: swarmbridge azure status ${testRunId}`,
});

/** Of a run that is left alone. */
export const detached = (testRunId: string): Leaving => ({
  lines: ["the run goes on at Azure", `To stop it: swarmbridge azure stop ${testRunId}`],
  next: `to follow it, and for its verdict: swarmbridge azure status --wait ${testRunId}`,
});

export const leavingText = ({ lines, next }: Leaving): string =>
  [...lines, ...(next === null ? [] : [`→ ${next}`])].join("\n");
