import type * as z from "zod";
import type { AutoStop } from "./auto-stop-schema.ts";
import type { Path } from "./fault.ts";
import type { TelemetrySettings } from "./telemetry-settings.ts";

/**
 * What `loadtest.yaml` says, checked and complete: every default filled in, every `${NAME}` replaced. The only shape
 * in which the other rooms know the configuration.
 */

export const REVISIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] as const;
export type Revision = (typeof REVISIONS)[number];

/** The `auth` key as its strategy's own schema checked it; what else is in it, that strategy alone knows (`auth/`). */
export interface AuthSettings {
  readonly strategy: string;
  readonly allowPlainHttp?: boolean | undefined;
  readonly [key: string]: unknown;
}

/** The schema of the `auth` key. It is handed in: this room does not know the strategies. */
export type AuthSchema = z.ZodType<AuthSettings>;

/** The `traffic` key of a server and the `load` key of the file, as their own schemas checked them (`traffic/`). */
export type TrafficSettings = Readonly<Record<string, unknown>>;
export type TrafficSchema = z.ZodType<TrafficSettings | undefined>;
export type LoadSettings = Readonly<Record<string, unknown>>;
export type LoadSchema = z.ZodType<LoadSettings | undefined>;

/** Limits of every wait, in milliseconds. */
export interface TimeLimits {
  readonly connectMs: number;
  readonly initializeMs: number;
  readonly callMs: number;
  readonly listMs: number;
  readonly closeMs: number;
}

/** What the client answers when a server asks it something. */
export interface ScriptedAnswers {
  readonly roots: readonly { readonly uri: string; readonly name?: string }[];
  /** Text of every sampling answer. */
  readonly sampling: string | null;
  /** Content of every accepted elicitation; null declines. `"defaults"` takes the schema's own default values. */
  readonly elicitation: Readonly<Record<string, string | number | boolean>> | "defaults" | null;
}

/** How connections to a server are made. */
export interface ConnectionSettings {
  /** `user`: connections of its own for each session. */
  readonly pool: "shared" | "user";
  readonly http2: boolean;
  readonly family: "any" | "ipv4" | "ipv6";
  /** URL of the proxy with its credentials; null for the direct way. */
  readonly proxy: string | null;
}

/** A server that is a process of its session's own. */
export interface ChildSettings {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside PATH, HOME and the like. Values may be secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
}

/**
 * What becomes of a result once it is judged: it goes to the test, or only the hash of its bytes does, or nothing. Of what
 * does not go there a large one is never held.
 */
export const RESULTS = ["kept", "hashed", "dropped"] as const;
export type Results = (typeof RESULTS)[number];

/** Where a server's memory is read: one of these. */
export type MemorySource =
  | { readonly kind: "pid"; readonly pid: number }
  | { readonly kind: "port"; readonly port: number }
  | { readonly kind: "container"; readonly container: string }
  | { readonly kind: "prometheus"; readonly url: string; readonly metric: string }
  | { readonly kind: "json"; readonly url: string; readonly pointer: string }
  /** `path` is absolute; `key` null for a file that is one number. */
  | { readonly kind: "file"; readonly path: string; readonly key: string | null };

export interface MemorySettings {
  readonly source: MemorySource;
  /** Is sent a POST before the first and the last reading. */
  readonly gcUrl: string | null;
  readonly everyMs: number;
}

export interface ServerSettings {
  readonly name: string;
  /** `stdio:NAME` for a process. */
  readonly url: string;
  readonly transport: "streamable-http" | "sse" | "stdio";
  readonly connections: ConnectionSettings;
  /** Null for a server that is reached by its URL. */
  readonly stdio: ChildSettings | null;
  readonly protocol: "auto" | Revision;
  readonly auth: AuthSettings;
  readonly weight: number;
  readonly traffic?: TrafficSettings | undefined;
  /** The server that it shares traffic and weight with (`shared-traffic.ts`); both are set already. */
  readonly trafficOf?: string | undefined;
  /** Open the standalone GET stream after the handshake (session era only). */
  readonly getStream: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: TimeLimits;
  /** Largest answer that is taken, in bytes. */
  readonly maxAnswerBytes: number;
  /** Of tools/call, resources/read and prompts/get where the test does not say. */
  readonly results: Results;
  readonly client: { readonly name: string; readonly version: string };
  /** Absolute paths of PEM files. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Send back the cookies that a server sets, per session: load balancers with session affinity. */
  readonly cookies: boolean;
  readonly answers: ScriptedAnswers;
  /** Argument that a mark is added to; true: only where an argument asks for one; null: answers are not looked through. */
  readonly canary: string | true | null;
  /** Null: not measured. */
  readonly memory: MemorySettings | null;
  readonly slo: { readonly p95Ms?: number; readonly p99Ms?: number; readonly errorPercent?: number } | null;
  /** The user's word that this much is fine with the owner of a target that is neither loopback nor private. */
  readonly allow: { readonly users: number; readonly callsPerSecond: number } | null;
}

export interface Settings {
  /** Path as a person would name it (relative to the working folder), or `MCP_SERVER_URL`. */
  readonly source: string;
  /** True when `MCP_SERVER_URL` alone chose the target: then `servers` holds one entry, `target`. */
  readonly isAimed: boolean;
  /** Absolute paths of the `.env` files that the settings were read with, the strongest first (`environmentOf`). */
  readonly envFiles: readonly string[];
  /** Absolute folder that the file's relative paths start from. */
  readonly folder: string;
  readonly servers: Readonly<Record<string, ServerSettings>>;
  readonly load?: LoadSettings | undefined;
  readonly autoStop: AutoStop;
  /** Absent: nothing is sent to a collector. */
  readonly telemetry?: TelemetrySettings | undefined;
  /** Why OpenTelemetry's variables have no effect, where somebody may expect one. */
  readonly telemetryNote?: string | undefined;
  /** Values of the variables in headers and in the query of URLs: sent with every request, told to nobody. */
  readonly carriedSecrets: readonly string[];
}

/** What was read, with the parts that other rooms own. */
export interface LoadedFile<Criteria, Azure> {
  readonly settings: Settings;
  readonly failureCriteria: Criteria;
  readonly azure: Azure;
  /** The file as it stands, before `${NAME}` was replaced. */
  readonly written: unknown;
  /** Where a key stands in the file, for faults that show later. */
  readonly placeOf: (path: Path) => { readonly line: number; readonly column: number };
}
