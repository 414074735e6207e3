/** Prints the delay table beside what is really drawn from it. */

import { delayRows, delaySource } from "./delays.ts";
import { SERVER_NAMES } from "./server-name.ts";

export const DRAWS = 2_000;

/** The value below which this share of a sample lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function delayReport(seed: number): string {
  const lines = SERVER_NAMES.flatMap((server) => {
    const next = delaySource(server, { seed, speed: 1 });
    return delayRows(server).map(([operation, { p50Ms, p90Ms }]) => {
      const drawn = Array.from({ length: DRAWS }, () => next(operation));
      const average = drawn.reduce((sum, value) => sum + value, 0) / DRAWS;
      return line(server, operation, p50Ms, p90Ms, percentile(drawn, 0.5), percentile(drawn, 0.9), average);
    });
  });
  return [
    `Delays of the demo fleet in ms: the table, and ${DRAWS.toLocaleString("en")} draws of each row with seed ${seed}.`,
    "",
    line("server", "operation", "p50", "p90", "drawn p50", "drawn p90", "drawn avg"),
    ...lines,
  ].join("\n");
}

const line = (server: string, operation: string, ...figures: (string | number)[]): string =>
  server.padEnd(14) +
  operation.padEnd(42) +
  figures.map((figure) => (typeof figure === "number" ? String(Math.round(figure)) : figure).padStart(11)).join("");
