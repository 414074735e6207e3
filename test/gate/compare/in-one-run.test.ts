import { describe, expect, test } from "vitest";
import { compareServers, pairsIn } from "../../../gate/compare/in-one-run.ts";
import type { Sample } from "../../../record/sample.ts";
import { seeded } from "../../capacity/ceiling/closed-network.ts";
import { writtenRun } from "../../record/written-run.ts";

const SECONDS = 20;
const PAIR = { before: "learn", after: "next" };

const SERVERS = {
  learn: { url: "http://127.0.0.1:1/mcp", targetClass: "loopback" },
  next: { url: "http://127.0.0.1:2/mcp", targetClass: "loopback", trafficOf: "learn" },
};

interface Written {
  readonly factor?: number;
  /** Of a hundred calls of the second server. */
  readonly failing?: number;
  readonly servers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly sessions?: Readonly<Record<string, number>>;
}

/** 400 searches and 200 reads of either server, 30 to 130 ms. */
const recordOf = ({ factor = 1, failing = 0, servers = SERVERS, sessions = { learn: 4, next: 4 } }: Written = {}) => {
  const random = seeded(5);
  const samples = Array.from({ length: 1200 }, (_, index): Partial<Sample> => {
    const isNext = index % 2 === 1;
    const isFailed = isNext && random() < failing / 100;
    return {
      name: `${isNext ? "next" : "learn"}:tools/call:${index % 6 < 4 ? "search" : "read"}`,
      endMs: 100 + ((SECONDS * 1000 - 200) * index) / 1200,
      serviceMs: (30 + 100 * random()) * (isNext ? factor : 1),
      outcome: isFailed ? "timeout" : "ok",
    };
  });
  return writtenRun(samples, { seconds: SECONDS, identity: { servers }, gauges: { sessionsByServer: sessions } });
};

describe("two servers of one run", () => {
  test("that are alike do not differ", () => {
    const told = compareServers(recordOf(), PAIR);
    expect(told).toMatchObject({ result: "WITHIN", overall: "no difference", before: ["learn"], after: ["next"] });
    expect(told.rows.map(({ title, before, after }) => [title, before, after])).toEqual([
      ["all operations", 600, 600],
      ["the same work", null, null],
      ["tools/call:read", 200, 200],
      ["tools/call:search", 400, 400],
    ]);
    expect(told.notes).toEqual(["both in the run 20260301-100000-demo, compared second by second"]);
  });

  test("of which one is a quarter slower differ, and break the budget", () => {
    const told = compareServers(recordOf({ factor: 1.25 }), PAIR);
    expect(told).toMatchObject({ result: "BROKEN", overall: "worse" });
    expect(told.rows[1]?.changes.p50Ms?.told).toBe("worse");
    const { low = 0, high = 0 } = told.rows[1]?.changes.meanMs ?? {};
    expect([low < 25, high > 25, low > 10, high < 40]).toEqual([true, true, true, true]);
    expect(told.rows[0]?.changes.errorPercent?.told).toBe("no difference");
  });

  test("of which one fails more are told apart by that", () => {
    const told = compareServers(recordOf({ failing: 10 }), PAIR);
    expect(told.broken[0]).toMatchObject({ title: "all operations", quantity: "errorPercent" });
  });

  test("with other numbers of sessions are not compared by how much each did", () => {
    const told = compareServers(recordOf({ sessions: { learn: 5, next: 4 } }), PAIR);
    expect(told.rows[0]?.changes.throughput).toBeNull();
    expect(told.notes).toContain("learn had 5 sessions and next 4: how much each did is not compared");
  });

  test("cannot be judged where one did nothing, and the network is named where it is part of the difference", () => {
    const servers = { ...SERVERS, other: { targetClass: "public", trafficOf: "learn" } };
    const told = compareServers(recordOf({ servers }), { before: "learn", after: "other" });
    expect(told).toMatchObject({ result: "INVALID", invalid: ["other had no operation"] });
    expect(told.notes).toContain(
      "learn is a loopback target, other a public one: the network is part of the difference",
    );
  });
});

test("pairs are those that the record says were, in order", () => {
  expect(pairsIn({ servers: SERVERS })).toEqual([PAIR]);
  expect(pairsIn({ servers: { learn: {}, next: { trafficOf: "gone" }, last: { trafficOf: 7 } } })).toEqual([]);
});
