import { expect, test } from "vitest";
import { limitsOf } from "../../../azure/plan/limits.ts";
import { definition } from "./definition.ts";

const sentences = (users: number, hours: number, azure = {}, names: number | null = null): string[] =>
  limitsOf({ definition: definition(azure, { load: { users, spawnRate: 1, runTimeSeconds: hours * 3600 } }), names });

test("a small test comes near to none", () => {
  expect(sentences(100, 1)).toEqual([]);
  expect(sentences(500, 3, { engineInstances: 45 }, 30)).toEqual([]);
});

test("each limit is said, and only that one", () => {
  expect(sentences(100, 3.1)).toEqual([
    expect.stringMatching(/more than 3 h: some subscriptions/),
    expect.stringMatching(/no results file/),
  ]);
  expect(sentences(100, 1, { engineInstances: 46 })).toEqual([expect.stringMatching(/Above 45 engines/)]);
  expect(sentences(5001, 1)).toEqual([expect.stringMatching(/more than 5000 users on one engine, and there are 5001/)]);
  expect(sentences(5001, 1, { maximumVirtualUsersPerEngine: 6000 })).toEqual([]);
  expect(sentences(100, 1, {}, 31)).toEqual([expect.stringMatching(/31 names in the statistics/)]);
});
