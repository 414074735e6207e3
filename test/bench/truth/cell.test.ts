import { expect, test } from "vitest";
import { cellsOf, thinkMsOf, USERS } from "../../../bench/truth/cell.ts";
import { CONTENDER_NAMES } from "../../../bench/truth/contenders.ts";
import { KIND_NAMES } from "../../../bench/truth/kinds.ts";

const USUAL = { users: null, kinds: null, contenders: null, isFull: false };
/** Start, warm-up, window and end of a run, as they are on a machine with nothing else to do. */
const SECONDS_A_CELL = 13;

test("the usual cells take eight minutes at most", () => {
  expect(cellsOf(USUAL).length * SECONDS_A_CELL).toBeLessThan(8 * 60);
});

test("ours meets every kind and every number of users, each cell once", () => {
  const cells = cellsOf(USUAL);
  const ours = cells.filter(({ contender }) => contender === "swarmbridge");
  expect(new Set(ours.map(({ kind }) => kind))).toEqual(new Set(KIND_NAMES));
  expect(ours.map(({ users }) => users)).toEqual(expect.arrayContaining([...USERS]));
  expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(cells.length);
});

test("whoever names users and kinds gets these, at a light load", () => {
  expect(cellsOf({ ...USUAL, users: [5], kinds: ["sse", "trickle"], contenders: ["swarmbridge"] })).toEqual([
    { kind: "sse", users: 5, load: "light", contender: "swarmbridge" },
    { kind: "trickle", users: 5, load: "light", contender: "swarmbridge" },
  ]);
});

test("everything is every kind at every number of users by everybody", () => {
  const light = cellsOf({ ...USUAL, isFull: true }).filter(({ load }) => load === "light");
  expect(light).toHaveLength(KIND_NAMES.length * USERS.length * CONTENDER_NAMES.length);
});

test("an arrival rate is only asked of who has something for it", () => {
  const open = cellsOf(USUAL).filter(({ load }) => load === "arrivals");
  expect(open.map(({ contender }) => contender)).toEqual(["swarmbridge", "fast", "requests"]);
});

test("users think so long that all together make 600 calls a second at most", () => {
  for (const users of USERS) {
    const cycleMs = thinkMsOf({ users, load: "light" }) + 50;
    expect((users * 1000) / cycleMs).toBeLessThanOrEqual(600);
  }
  expect(thinkMsOf({ users: 600, load: "full" })).toBe(0);
});
