import { describe, expect, test } from "vitest";
import { DRAWS, percentile } from "../../demo/delay-report.ts";
import { DELAYS, delayRows, delaySource } from "../../demo/delays.ts";
import { SERVER_NAMES, type ServerName } from "../../demo/server-name.ts";

const SEEDS = [1, 2, 3];

describe.each(SERVER_NAMES)("%s", (server) => {
  test.each(delayRows(server))("what is drawn for %s has the table's p50 and p90 within 15 %", (operation, row) => {
    for (const seed of SEEDS) {
      const drawn = drawnFor(server, operation, seed);
      expect(Math.abs(percentile(drawn, 0.5) / row.p50Ms - 1)).toBeLessThan(0.15);
      expect(Math.abs(percentile(drawn, 0.9) / row.p90Ms - 1)).toBeLessThan(0.15);
    }
  });
});

describe("the signatures that the table was shaped after", () => {
  test("Learn shakes hands in 44 ms and every documentation tool has a p90 under 900 ms", () => {
    expect(DELAYS.learn.handshake.p50Ms).toBe(44);
    for (const [, { p90Ms }] of delayRows("learn")) expect(p90Ms).toBeLessThan(900);
  });

  test("Azure DevOps shakes hands in 335 ms and each of its tools has a p90 within a fifth of the average", () => {
    expect(DELAYS["azure-devops"].handshake.p50Ms).toBe(335);
    for (const [operation, { p90Ms }] of toolRows("azure-devops")) {
      expect(p90Ms / averageOf("azure-devops", operation)).toBeLessThan(1.2);
    }
  });

  test("each of Context7's tools takes more than a second on average", () => {
    for (const [operation] of toolRows("context7")) expect(averageOf("context7", operation)).toBeGreaterThan(1_000);
  });

  test("GitHub's search_code takes 554 ms on average with a p90 of 1,560", () => {
    const operation = "tools/call:search_code";
    expect(Math.abs(averageOf("github", operation) / 554 - 1)).toBeLessThan(0.05);
    expect(Math.abs(percentile(drawnFor("github", operation, 1), 0.9) / 1_560 - 1)).toBeLessThan(0.05);
  });
});

test("speed divides every delay, and 0 takes all away", () => {
  const pace = (speed: number) => delaySource("learn", { seed: 5, speed })("handshake");
  expect(pace(10)).toBeCloseTo(pace(1) / 10, 9);
  expect(pace(0)).toBe(0);
});

test("the delays of one operation do not depend on how often others are asked for", () => {
  const alone = delaySource("github", { seed: 5, speed: 1 });
  const among = delaySource("github", { seed: 5, speed: 1 });
  among("handshake");
  among("tools/call:get_me");
  expect(among("tools/list")).toBe(alone("tools/list"));
});

test("an operation without a row takes the row named other", () => {
  const named = delaySource("learn", { seed: 5, speed: 1 });
  const unnamed = delaySource("learn", { seed: 5, speed: 1 });
  expect(unnamed("ping")).toBe(named("other"));
});

const toolRows = (server: ServerName) => delayRows(server).filter(([operation]) => operation.startsWith("tools/call:"));

function drawnFor(server: ServerName, operation: string, seed: number): number[] {
  const next = delaySource(server, { seed, speed: 1 });
  return Array.from({ length: DRAWS }, () => next(operation));
}

function averageOf(server: ServerName, operation: string): number {
  const drawn = drawnFor(server, operation, 1);
  return drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
}
