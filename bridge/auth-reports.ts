import type { AuthEvent } from "../auth/world.ts";
import { type Outcome, REASONS } from "../record/reason.ts";
import type { Recorder } from "../record/recorder.ts";
import { type AuthMethod, statisticsName } from "./statistics-name.ts";
import type { Repair } from "./transport/authorized-request.ts";

/** One thing that happened about a credential, as Python is told (docs/link-protocol.md, `auth`). */
export interface AuthFact {
  /** `server:auth/token`, `server:auth/renewal` or `server:auth/401`. */
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  /** What it counts as, for a failure. */
  readonly reason?: Outcome;
  /** The fixed sentence of the reason. */
  readonly text?: string;
}

interface AuthReportsDeps {
  readonly server: string;
  readonly recorder: () => Pick<Recorder, "operation" | "failure"> | null;
  readonly redact: (text: string) => string;
  /** Hears of what is recorded, and so counts the same. */
  readonly tell: (fact: AuthFact) => void;
  /** One sentence for the user's log. */
  readonly note: (text: string) => void;
}

/** Notes that are remembered as said. Their texts are few; a strategy that makes up new ones is not listened to for ever. */
const MOST_NOTES = 50;

/** What auth of one server costs: samples under names of their own, beside the operations and never among them. */
export class AuthReports {
  readonly #deps: AuthReportsDeps;
  readonly #noted = new Set<string>();

  constructor(deps: AuthReportsDeps) {
    this.#deps = deps;
  }

  hear(event: AuthEvent): void {
    if (event.what === "note") this.#note(event.text);
    else if (event.failure === null) this.#count(`auth/${event.what}`, "ok", event.tookMs);
    else this.#count(`auth/${event.what}`, "auth", event.tookMs, event.failure.sentence);
  }

  /** The run ends, and a token that somebody waited for has not come. */
  cutOff(waitedMs: number): void {
    this.#count("auth/token", "cancelled", waitedMs);
  }

  /** A server refused a credential. */
  repaired({ outcome, tookMs }: Repair): void {
    this.#count("auth/401", outcome, tookMs);
  }

  #count(method: AuthMethod, outcome: Outcome, tookMs: number, detail?: string): void {
    const { server, redact, tell } = this.#deps;
    const recorder = this.#deps.recorder();
    // Between two runs: nobody's.
    if (recorder === null) return;
    const name = statisticsName(server, method);
    const sample = {
      name,
      outcome,
      endMs: performance.now(),
      serviceMs: tookMs,
      responseMs: tookMs,
      bytesIn: 0,
      bytesOut: 0,
    };
    recorder.operation(sample);
    if (detail !== undefined) recorder.failure({ name, outcome, detail: redact(detail) });
    const ms = Math.round(tookMs * 1000) / 1000;
    tell(
      outcome === "ok" ? { name, ok: true, ms } : { name, ok: false, ms, reason: outcome, text: REASONS[outcome].text },
    );
  }

  #note(text: string): void {
    if (this.#noted.has(text) || this.#noted.size >= MOST_NOTES) return;
    this.#noted.add(text);
    this.#deps.note(this.#deps.redact(text));
  }
}
