import { describe, expect, test } from "vitest";
import { divisionOf, fullest } from "../../../azure/plan/division.ts";
import { definition } from "./definition.ts";

const divided = (users: number, engineInstances: number, azure = {}) =>
  divisionOf(definition({ engineInstances, ...azure }, { load: { users, spawnRate: 1, runTimeSeconds: 60 } }));

describe("users divide over engines", () => {
  test.each([
    [100, 1, [{ engines: 1, users: 100 }]],
    [100, 4, [{ engines: 4, users: 25 }]],
    [
      102,
      4,
      [
        { engines: 2, users: 26 },
        { engines: 2, users: 25 },
      ],
    ],
    [
      2000,
      3,
      [
        { engines: 2, users: 667 },
        { engines: 1, users: 666 },
      ],
    ],
  ])("%i users on %i engines", (users, engines, shares) => {
    const division = divided(users, engines);
    expect(division.shares).toEqual(shares);
    expect(division.shares.reduce((sum, share) => sum + share.engines * share.users, 0)).toBe(users);
    expect(fullest(division)).toBe(shares[0]?.users);
  });

  test("regions have their engines' part of the users", () => {
    const regionalLoadTestConfig = [
      { region: "westeurope", engineInstances: 3 },
      { region: "northeurope", engineInstances: 1 },
    ];
    expect(divided(400, 4, { regionalLoadTestConfig }).regions).toEqual([
      { region: "westeurope", engines: 3, users: 300 },
      { region: "northeurope", engines: 1, users: 100 },
    ]);
  });
});
