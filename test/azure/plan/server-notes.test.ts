import { expect, test } from "vitest";
import { GUARD } from "../../../azure/definition/held-users.ts";
import { serverNotesOf } from "../../../azure/plan/server-notes.ts";
import { GENTLE } from "../../../bridge/guard.ts";
import { settings, target } from "./definition.ts";

const noteFor = (more: Parameters<typeof target>[0], users = 2000, engineInstances = 1) =>
  serverNotesOf({
    targets: [target(more)],
    load: { users, spawnRate: 1, runTimeSeconds: 60 },
    azure: settings({ engineInstances }),
  })[0]?.note;

test("a public server that nobody allowed makes many users senseless", () => {
  expect(noteFor({})).toMatch(/held to 17 users and 3 calls a second\. 2000 users make no sense/);
  expect(noteFor({}, 17)).toMatch(/held to 17 users and 3 calls a second$/);
});

test("what does not divide over the engines is used by none of them", () => {
  const held = "public, without allow: held to 17 users and 3 calls a second";
  const senseless = "users make no sense here until its owner agrees (allow)";
  expect(noteFor({}, 17, 3)).toBe(`${held}; 3 engines use 15 of them. 17 ${senseless}`);
  expect(noteFor({}, 40, 20)).toBe(`${held}; 20 engines use 0 of them. 40 ${senseless}`);
  expect(noteFor({}, 12, 3)).toBe(held);
  expect(noteFor({ class: "private", allow: { users: 5, callsPerSecond: 1 } }, 40, 2)).toBe(
    "held to 5 users and 1 calls a second, by its allow; 2 engines use 4 of them",
  );
});

test("an allow, a private address and a missing credential each have their own note", () => {
  expect(noteFor({ allow: { users: 500, callsPerSecond: 50 } })).toBe(
    "held to 500 users and 50 calls a second, by its allow",
  );
  expect(noteFor({ class: "private" })).toBeNull();
  expect(noteFor({ missing: "TOKEN" })).toBe("left out: nothing under azure brings TOKEN");
});

test("the guard is the bridge's", () => {
  expect(GUARD).toEqual(GENTLE);
});
