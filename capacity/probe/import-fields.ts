/** How others write a probe down: the names of its fields, its moments, its results. Tolerant of names, not of values. */

import { reasonOf } from "./import-reason.ts";
import type { Probe } from "./probe.ts";

/** Names without case and punctuation. Of several that are there the first counts. */
const NAMES = {
  at: ["timestamp", "time", "at", "checkedat", "probedat", "createdat", "datetime", "date", "ts"],
  ms: [
    ...["initializems", "initializelatencyms", "initms", "initialize", "latencyms", "responsetimems", "durationms"],
    ...["elapsedms", "latency", "responsetime", "duration", "ms"],
  ],
  seconds: ["initializeseconds", "latencyseconds", "latencys", "responsetimes", "responsetimeseconds", "seconds"],
  ok: ["ok", "success", "up", "isup", "healthy", "status", "result", "outcome", "state", "statuscode"],
  reason: ["reason", "error", "errormessage", "message"],
} as const;

const GOOD = new Set(["true", "1", "ok", "up", "success", "succeeded", "healthy", "pass", "passed", "online"]);
const BAD = new Set([
  ...["false", "0", "fail", "failed", "failure", "error", "down", "timeout", "unhealthy", "offline", "unreachable"],
]);

const LONGEST_MS = 3_600_000;

export type Row = Readonly<Record<string, unknown>>;

/** @returns a probe, or what is wrong with the row */
export const probeOf = (row: Row): Probe | string => {
  const fields = new Map(Object.entries(row).map(([name, value]) => [plainName(name), value]));
  const fieldOf = (kind: keyof typeof NAMES): unknown =>
    NAMES[kind].map((name) => fields.get(name)).find((value) => value !== undefined && value !== null && value !== "");
  const atMs = momentOf(fieldOf("at"));
  if (atMs === null) return "has no time that can be read (ISO 8601, or seconds or milliseconds since 1970)";
  const [milliseconds, seconds] = [fieldOf("ms"), fieldOf("seconds")];
  const initializeMs = milliseconds === undefined ? timesThousand(numberOf(seconds)) : numberOf(milliseconds);
  if (initializeMs === null || (initializeMs !== undefined && !(initializeMs >= 0 && initializeMs <= LONGEST_MS))) {
    return "has a latency that is no time from 0 ms to 1 hour";
  }
  const said = fieldOf("ok");
  const isOk = said === undefined ? initializeMs !== undefined : resultOf(said);
  if (isOk === null) return "says how it ended in a word that is not known (such as ok, up, fail, down, 200, 503)";
  if (isOk && initializeMs === undefined) return "went well and has no latency";
  return {
    atMs,
    isOk,
    isImported: true,
    // What is written beside a failure is how long somebody waited for it.
    ...(isOk && initializeMs !== undefined && { initializeMs: Math.round(initializeMs * 1000) / 1000 }),
    ...(!isOk && { reason: reasonOf(fieldOf("reason"), said) }),
  };
};

/** Whether a table's head names what is needed. */
export const hasNeededFields = (names: readonly string[]): boolean => {
  const plain = new Set(names.map(plainName));
  const has = (kind: keyof typeof NAMES): boolean => NAMES[kind].some((name) => plain.has(name));
  return has("at") && (has("ms") || has("seconds"));
};

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

const numberOf = (value: unknown): number | null | undefined => {
  if (value === undefined) return undefined;
  const number = typeof value === "string" ? Number(value.trim().replace(/\s*ms$/i, "")) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
};

const timesThousand = (value: number | null | undefined): number | null | undefined =>
  typeof value === "number" ? value * 1000 : value;

/** A number of more digits than seconds have is milliseconds; a time without a zone is UTC. */
const momentOf = (value: unknown): number | null => {
  const text = String(value ?? "").trim();
  if (/^\d{9,14}(\.\d+)?$/.test(text)) return Number(text) < 1e11 ? Number(text) * 1000 : Number(text);
  const [, day, clock = "00:00", zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text) ?? [];
  const ms = day === undefined ? Number.NaN : Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(ms) ? null : ms;
};

const resultOf = (value: unknown): boolean | null => {
  const word = String(value).trim().toLowerCase();
  if (/^[1-5]\d\d$/.test(word)) return word.startsWith("2");
  if (GOOD.has(word)) return true;
  return BAD.has(word) ? false : null;
};
