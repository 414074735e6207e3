import { expect, test } from "vitest";
import { Counter } from "../../demo/counts.ts";

test("names from the wire beyond two hundred are counted together", () => {
  const counter = new Counter();
  for (let index = 0; index < 1_000; index++) counter.message(`tools/call:made-up-${index}`);
  const { messages } = counter.snapshot();
  expect(Object.keys(messages)).toHaveLength(201);
  expect(messages["(other)"]).toBe(800);
});

test("a reset forgets what was received but not the sessions that are open", () => {
  const counter = new Counter();
  counter.httpRequest("POST");
  counter.refused("unauthorized");
  counter.sessionOpened();
  counter.sessionOpened();
  counter.sessionEnded("deleted");
  counter.reset();
  expect(counter.snapshot()).toEqual({
    http: {},
    messages: {},
    refused: { unauthorized: 0, unknownSession: 0, noSession: 0, badBody: 0 },
    aborted: 0,
    sessions: { opened: 0, deleted: 0, expired: 0, open: 1 },
  });
});
