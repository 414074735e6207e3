/**
 * What Ctrl-C means while a run is submitted and followed. Nothing has to be unwound: what must survive is on the disk
 * before the run is started, so to leave is to end the process.
 */

import { EXIT_OF_SIGNAL } from "../exit-code.ts";

export type Signal = keyof typeof EXIT_OF_SIGNAL;

/** How far the command is. `text` is what the user should know when it ends here. */
export type Phase =
  | { readonly is: "leaving-is-safe"; readonly text: string }
  | { readonly is: "running"; readonly testRunId: string; readonly stop: () => Promise<void> };

export interface InterruptionWorld {
  /** Somebody can be asked. */
  readonly isInteractive: boolean;
  readonly say: (text: string) => void;
  /** Rejects when no answer comes. */
  readonly ask: (question: string) => Promise<string>;
  readonly exit: (code: number) => void;
}

export class Interruption {
  phase: Phase = { is: "leaving-is-safe", text: "nothing was sent to Azure" };
  /** The user has stopped the run: its end as CANCELLED is no surprise. */
  hasStopped = false;
  #isAsking = false;
  #isStopping = false;
  readonly #world: InterruptionWorld;

  constructor(world: InterruptionWorld) {
    this.#world = world;
  }

  /**
   * - before the run is started, and after its end: says what there is, and ends;
   * - on a terminal: asks "stop or detach"; a second Ctrl-C detaches at once;
   * - without one, as when a pipeline is cancelled: stops the run at Azure, and ends. A second SIGINT detaches;
   * - a terminal that is closed (SIGHUP) detaches: the run goes on.
   */
  async take(signal: Signal): Promise<void> {
    const { phase } = this;
    const { say, exit, isInteractive } = this.#world;
    if (phase.is === "leaving-is-safe") {
      say(phase.text);
      exit(EXIT_OF_SIGNAL[signal]);
      return;
    }
    if (signal === "SIGTERM" && this.#isStopping) return; // The same cancellation, grown impatient.
    const isSecond = this.#isAsking || this.#isStopping || this.hasStopped;
    if (signal === "SIGHUP" || isSecond) this.#detach(phase.testRunId, signal);
    else if (isInteractive && signal === "SIGINT") await this.#ask(phase, signal);
    else if (await this.#stop(phase)) exit(EXIT_OF_SIGNAL[signal]);
    else this.#detach(phase.testRunId, signal);
  }

  async #ask(phase: Extract<Phase, { is: "running" }>, signal: Signal): Promise<void> {
    this.#isAsking = true;
    const answer = await this.#world
      .ask("stop the run at Azure, or detach and let it go on? [s/d, anything else follows on] ")
      .catch(() => "d");
    this.#isAsking = false;
    const choice = answer.trim().toLowerCase();
    // It may have ended while the question stood there.
    if (this.phase !== phase) return;
    if (choice.startsWith("s")) await this.#stop(phase);
    else if (choice.startsWith("d")) this.#detach(phase.testRunId, signal);
  }

  /** @returns whether Azure has taken it */
  async #stop({ testRunId, stop }: Extract<Phase, { is: "running" }>): Promise<boolean> {
    const { say } = this.#world;
    this.#isStopping = true;
    say(`stopping ${testRunId}`);
    try {
      await stop();
      this.hasStopped = true;
      say("Azure stops it; its engines are gone some minutes later");
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : "unknown";
      say(`it could not be stopped (${why}); try: swarmbridge azure stop ${testRunId}`);
      return false;
    } finally {
      this.#isStopping = false;
    }
  }

  #detach(testRunId: string, signal: Signal): void {
    this.#world.say(detachedText(testRunId));
    this.#world.exit(EXIT_OF_SIGNAL[signal]);
  }
}

export const detachedText = (testRunId: string): string =>
  `the run goes on at Azure. To follow it, and for its verdict:
  swarmbridge azure status --wait ${testRunId}
To stop it:
  swarmbridge azure stop ${testRunId}`;
