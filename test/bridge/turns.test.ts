import { expect, test } from "vitest";
import type { TurnMessage } from "../../bridge/link/messages.ts";
import { recordTurn } from "../../bridge/turns.ts";
import type { Sample } from "../../record/sample.ts";

const heard = (over: Partial<TurnMessage> = {}): Sample[] => {
  const samples: Sample[] = [];
  const message = {
    op: "turn",
    server: "learn",
    turn: "research",
    at: 1000,
    from: 1004,
    to: 1250,
    reason: null,
  } as const;
  recordTurn({ operation: (sample) => samples.push(sample) }, { ...message, ...over });
  return samples;
};

test("a turn is one sample from its first call sent to its last call's end", () => {
  expect(heard()).toEqual([
    {
      name: "learn:turn:research",
      outcome: "ok",
      endMs: 1250,
      serviceMs: 246,
      responseMs: 250,
      bytesIn: 0,
      bytesOut: 0,
    },
  ]);
});

test("a turn fails with the reason that it is told", () => {
  expect(heard({ reason: "tool-error" })[0]?.outcome).toBe("tool-error");
});

test("a turn's name cannot forge a row, and its time is never negative", () => {
  const [sample] = heard({ turn: "a\nb\u001b[31m", from: 1300 });
  expect(sample?.name).toBe("learn:turn:a?b?[31m");
  expect(sample?.serviceMs).toBe(0);
});

test("a turn that ends between two runs is nobody's", () => {
  expect(() =>
    recordTurn(null, { op: "turn", server: "learn", turn: "x", at: 1, from: 1, to: 2, reason: null }),
  ).not.toThrow();
});
