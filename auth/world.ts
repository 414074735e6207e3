/** What strategies may use of the machine and the network. They open no socket of their own; tests hand in other worlds. */

import type { Lookup } from "../config/environment.ts";
import type { ServerSettings } from "../config/settings.ts";
import type { AuthError } from "./auth-error.ts";
import type { Azure } from "./azure/azure.ts";
import type { HttpAnswer, HttpQuestion } from "./http/http-question.ts";

export interface World {
  /**
   * The text of a small file. Throws the file system's error, `ENOENT` when it is not there.
   * @param mostBytes a larger file is refused; 64 KiB unless said otherwise
   */
  readonly readFile: (path: string, mostBytes?: number) => string;
  /** Wall clock in milliseconds, the clock in which issuers give dates. May jump, may be wrong. */
  readonly now: () => number;
  /** Monotonic clock in milliseconds: for all that lasts. */
  readonly monotonicMs: () => number;
  /** Calls `action` once after `ms`, without keeping the process alive. @returns cancels it */
  readonly after: (ms: number, action: () => void) => () => void;
  /** One bounded HTTP exchange with an authorization server or for metadata; follows no redirect. Rejects with AuthError. */
  readonly http: (question: HttpQuestion) => Promise<HttpAnswer>;
  /** Runs a program without a shell. Rejects with AuthError AUTH_COMMAND. */
  readonly run: (program: ProgramCall) => Promise<string>;
  /**
   * Azure's clients, loaded on first use.
   * @param asker whose variables the `environment` credential reads, and who is told of each secret on the way
   */
  readonly azure: (asker: Pick<Surroundings, "lookup" | "learn">) => Promise<Azure>;
}

export interface ProgramCall {
  readonly command: readonly [program: string, ...args: string[]];
  /** The whole environment that the program gets. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly limitMs: number;
  /** Ends the program before its time. */
  readonly signal: AbortSignal;
}

/** What happened to a token, for the statistics and the user's log. Holds nothing secret. */
export type AuthEvent =
  /** `token`: somebody waited for it. `renewal`: nobody did. */
  | {
      readonly what: "token" | "renewal";
      readonly tookMs: number;
      /** Why it failed, or null. */
      readonly failure: AuthError | null;
    }
  /** Something that the user should know; said once by whoever listens, however often it comes. */
  | { readonly what: "note"; readonly text: string };

/** One process among those that share a run. */
export interface Share {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** What one server's strategy is handed. */
export interface Surroundings extends World {
  /** The environment and `.env`, where the named secrets are. */
  readonly lookup: Lookup;
  /** Absolute folder that relative paths of the settings start from; `readFile` is relative to it. */
  readonly folder: string;
  /** The server that the credential is for. */
  readonly server: Pick<ServerSettings, "name" | "url" | "headers" | "tls">;
  readonly report: (event: AuthEvent) => void;
  /** Tells the redactor about a secret that is in memory from now on: token, client secret, private key, assertion. */
  readonly learn: (secret: string) => void;
}
