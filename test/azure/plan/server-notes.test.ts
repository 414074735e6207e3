import { expect, test } from "vitest";
import { GUARD, serverNotesOf } from "../../../azure/plan/server-notes.ts";
import { GENTLE } from "../../../bridge/guard.ts";
import { target } from "./definition.ts";

const noteFor = (more: Parameters<typeof target>[0], users = 2000): string | null | undefined =>
  serverNotesOf({ targets: [target(more)], load: { users, spawnRate: 1, runTimeSeconds: 60 } })[0]?.note;

test("a public server that nobody allowed makes many users senseless", () => {
  expect(noteFor({})).toMatch(/held to 17 users and 3 calls a second\. 2000 users make no sense/);
  expect(noteFor({}, 17)).toMatch(/held to 17 users and 3 calls a second$/);
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
