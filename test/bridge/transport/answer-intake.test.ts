import { expect, test } from "vitest";
import { Canary, Marked } from "../../../bridge/canary.ts";
import { Operation } from "../../../bridge/operation.ts";
import { readOn, scanFor } from "../../../bridge/transport/answer-intake.ts";
import type { PendingRequest } from "../../../bridge/transport/pending-request.ts";

test("a large answer that nobody holds is looked through for marks, wherever they stand", () => {
  const canary = new Canary();
  const { params } = canary.mark(7, { query: "{canary}" }, true);
  const operation = new Operation(1, 0);
  operation.results = "dropped";
  operation.marked = new Marked(3, null);
  const scan = scanFor({ operation } as PendingRequest);
  if (scan === null) throw new Error("it is to be held");
  const content = [
    { type: "text", text: "x".repeat(2_000_000) },
    { type: "text", text: params.query },
  ];
  const answer = Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, result: { content } }));
  for (let at = 0; at < answer.length; at += 65_536) readOn(scan, answer.subarray(at, at + 65_536));
  expect(scan.end()).not.toBeNull();
  expect(canary.judge(operation.marked)).toMatchObject({ foreign: { session: 7 } });
});
