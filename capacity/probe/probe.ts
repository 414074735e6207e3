/** One probe: a session that was opened and closed to see how the server does. One line of a history. docs/probe.md. */

import * as z from "zod";

const ms = z.number().finite().nonnegative().max(3_600_000);

const lineSchema = z.object({
  at: z.iso.datetime({ offset: true }),
  ok: z.boolean(),
  initializeMs: ms.optional(),
  listMs: ms.optional(),
  callMs: ms.optional(),
  reason: z.string().max(200).optional(),
  imported: z.literal(true).optional(),
});

/** Durations are service times, ms: without connecting, as in a run record. Those of others may contain it. */
export interface Probe {
  /** Wall clock, when it began. */
  readonly atMs: number;
  /** Every step of it went well. */
  readonly isOk: boolean;
  /** Absent when the handshake failed. */
  readonly initializeMs?: number;
  readonly listMs?: number;
  readonly callMs?: number;
  /** Of a failure, such as `timeout`. */
  readonly reason?: string;
  /** It was made by another program. */
  readonly isImported?: boolean;
}

export const probeLine = ({ atMs, isOk, isImported, ...rest }: Probe): string => {
  const line = { at: new Date(atMs).toISOString(), ok: isOk, ...rest, ...(isImported && { imported: true }) };
  return `${JSON.stringify(line)}\n`;
};

/** @returns null for a line that is none, such as one that a killed process tore */
export const parseProbe = (line: string): Probe | null => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null; // Not JSON.
  }
  const { data } = lineSchema.safeParse(value);
  if (data === undefined) return null;
  const { at, ok, imported, ...rest } = data;
  const given = Object.fromEntries(Object.entries(rest).filter(([, each]) => each !== undefined));
  return { atMs: Date.parse(at), isOk: ok, ...given, ...(imported && { isImported: true }) };
};

/** Times of the handshakes that went well, in the probes' order. */
export const initializeTimes = (probes: readonly Probe[]): number[] =>
  probes.flatMap(({ initializeMs }) => initializeMs ?? []);
