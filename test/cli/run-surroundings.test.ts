import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ceilingJson, foundOf } from "../../capacity/ceiling/ceiling-file.ts";
import { surroundingsOf } from "../../cli/run-surroundings.ts";
import { LIMITS, step } from "../capacity/ceiling/measures.ts";
import { writtenRun } from "../record/written-run.ts";

const ADDRESS = "https://mcp.example.com/mcp";

/** The searches beside a run of `learn` at ADDRESS, by the addresses that they keep, the oldest first. */
const searchBeside = (...addresses: readonly (string | undefined)[]): string | undefined | null => {
  const record = writtenRun([{}], { identity: { servers: { learn: { url: ADDRESS } } } });
  for (const [at, address] of addresses.entries()) {
    const folder = join(dirname(record.dir), `2026022${at}-120000-ceiling-abcd`);
    const found = foundOf({
      ...{ schema: 1, id: `search ${at}`, server: "learn", address, shape: "sessions", limits: LIMITS },
      ...{ stepMs: 60_000, startedAt: "2026-02-20T12:00:00.000Z", state: "complete" },
      steps: [step(5, 200), step(10, 9000)] as never,
    });
    mkdirSync(folder);
    writeFileSync(join(folder, "ceiling.json"), ceilingJson(found));
  }
  return surroundingsOf(record, null, new Date()).ceilingOf("learn")?.head.id ?? null;
};

test("the newest search of a server is that at the run's own address, and not of a namesake elsewhere", () => {
  expect(searchBeside(ADDRESS, ADDRESS, "https://staging.example.com/mcp")).toBe("search 1");
});

test("a search that does not say where it searched answers for nobody", () => {
  expect(searchBeside(undefined)).toBeNull();
});

test("a server that is called as what every object inherits has no search", () => {
  const record = writtenRun([{}]);
  expect(surroundingsOf(record, null, new Date()).ceilingOf("constructor")).toBeNull();
});
