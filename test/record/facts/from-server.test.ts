import { expect, test } from "vitest";
import { Facts, factsSchema } from "../../../record/facts/facts.ts";
import type { FromServerEvent } from "../../../record/facts/from-server.ts";

const heard = (...events: readonly FromServerEvent[]): Facts => {
  const facts = new Facts();
  for (const event of events) facts.hear({ kind: "fromServer", event });
  return facts;
};

test("what servers send is counted by server and kind, over events and over the parts of a run", () => {
  const one = { server: "learn", counts: { "resource-updated": 3, sampling: 1 }, answeredMs: [2], unanswered: 0 };
  const facts = heard(one, { ...one, counts: { "resource-updated": 4 }, answeredMs: [], unanswered: 5 });
  facts.add(heard(one, { ...one, server: "github" }).sections());
  const { fromServer } = factsSchema.parse(JSON.parse(JSON.stringify(facts.sections())));
  expect(fromServer?.learn).toMatchObject({
    counts: { "resource-updated": 10, sampling: 2 },
    answered: { count: 2 },
    unanswered: 5,
  });
  expect(fromServer?.github?.counts).toEqual({ "resource-updated": 3, sampling: 1 });
});
