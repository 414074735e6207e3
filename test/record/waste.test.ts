import { expect, test } from "vitest";
import { perThousand, wasteOf } from "../../record/waste.ts";
import { many, writtenRun } from "./written-run.ts";

const FAILED = { outcome: "timeout", responseMs: 2_000, serviceMs: 1_900, bytesOut: 400, bytesIn: 0 } as const;
const OK = { bytesOut: 400, bytesIn: 800 } as const;

test("failed calls cost the seconds until they were told, and tokens by an average call's bytes, its arguments twice", () => {
  const waste = wasteOf(writtenRun([...many(8, OK), ...many(2, FAILED)]).file);
  // An average call: 400 bytes out, 640 in. Two failed: 2 * (800 + 640) / 4.
  expect(waste).toEqual({ calls: 10, failures: 2, seconds: 4, untimed: 0, tokens: 720 });
  expect(waste && perThousand(waste.tokens, waste)).toBe(72_000);
});

test("another size of a token gives another number", () => {
  const { file } = writtenRun([OK, FAILED]);
  expect(wasteOf(file, 2)?.tokens).toBe(2 * (wasteOf(file)?.tokens ?? 0));
});

test("what we cut off ourselves, and what is no call of a model, wastes nothing", () => {
  const cutOff = { outcome: "cancelled", serviceMs: 60_000 } as const;
  const handshake = { name: "learn:initialize", outcome: "timeout", serviceMs: 30_000 } as const;
  const waste = wasteOf(writtenRun([OK, cutOff, handshake]).file);
  expect(waste).toMatchObject({ calls: 1, failures: 0, seconds: 0, tokens: 0 });
  expect(wasteOf(writtenRun([handshake]).file)).toBeNull();
});

test("a failure without a time is counted as such", () => {
  const lost = { outcome: "connect", serviceMs: undefined, responseMs: undefined } as const;
  expect(wasteOf(writtenRun([OK, lost]).file)).toMatchObject({ failures: 1, seconds: 0, untimed: 1 });
});
