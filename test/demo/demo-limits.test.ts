import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { DELAYS } from "../../demo/delays.ts";
import type { Delay } from "../../demo/lognormal.ts";

const slowestMs = ({ p90Ms, maxMs = 4 * p90Ms }: Delay): number => maxMs;

test("in a run with one call of each name, no time limit of the demo is broken by the fleet's own delays", () => {
  const yaml = readFileSync(join(import.meta.dirname, "../../demo/loadtest.yaml"), "utf8");
  const { toolKinds, clientMetrics } = parse(yaml).failureCriteria;
  const limits = [...clientMetrics.map(limitOf), { name: toolKinds.external[0], limitMs: 5000 }].filter(
    ({ limitMs }) => limitMs !== null,
  );
  expect(limits.map(({ name }) => name)).toContain(null);
  for (const { name, limitMs } of limits) {
    const delays = Object.entries(DELAYS).flatMap(([server, rows]) =>
      Object.entries(rows)
        .filter(([operation]) => name === null || name === `${server}:${operation}`)
        .map(([, delay]) => slowestMs(delay)),
    );
    expect(delays.length).toBeGreaterThan(0);
    expect(limitMs).toBeGreaterThan(Math.max(...delays));
  }
});

/** A criterion with a name is a map of one key. */
const limitOf = (entry: string | Record<string, string>): { name: string | null; limitMs: number | null } => {
  const [name, text] = typeof entry === "string" ? [null, entry] : (Object.entries(entry)[0] ?? [null, ""]);
  const [, limit] = /\(response_time_ms\) > (\d+)$/.exec(text) ?? [];
  return { name, limitMs: limit === undefined ? null : Number(limit) };
};
