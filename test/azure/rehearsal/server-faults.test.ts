import { expect, test } from "vitest";
import type { EngineEnd } from "../../../azure/rehearsal/engine-end.ts";
import { serverFaults } from "../../../azure/rehearsal/server-faults.ts";
import type { RunRecord } from "../../../record/read-run.ts";

interface Seen {
  readonly weights: Readonly<Record<string, number>>;
  /** Failures with HTTP 401 and successes, by operation. */
  readonly operations: Readonly<Record<string, readonly [failures: number, successes: number]>>;
  readonly users: number;
}

const recordOf = ({ weights, operations, users }: Seen): RunRecord => {
  const file = {
    servers: Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, { weight }])),
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, [failures, successes]]) => [
        name,
        {
          count: failures + successes,
          failures,
          outcomes: { ok: { count: successes, times: {} }, "http-401": { count: failures, times: {} } },
        },
      ]),
    ),
    generator: { usersPeak: users },
  };
  // Of a whole record these are the fields that are judged.
  return { file } as unknown as RunRecord;
};

const faults = (seen: Seen, { log = "", named = [] as string[] } = {}): readonly string[] => {
  const record = recordOf(seen);
  const end: EngineEnd = { number: 1, ended: { how: "exited", code: 0 }, log, record, written: [] };
  return serverFaults({ ends: [end, end], record, named: new Set(named) });
};

const BOTH = { github: 1, learn: 1 };
const LEARN = { "learn:initialize": [0, 2] } as const;

test("servers that all had an answer have no fault, whatever else failed", () => {
  expect(faults({ weights: BOTH, operations: { ...LEARN, "github:initialize": [3, 1] }, users: 4 })).toEqual([]);
});

test("a server that was left out is told once, with what it needs", () => {
  const log = "[x] h/WARNING/swarmbridge: Left out for want of a credential: github (needs GITHUB_TOKEN).\n";
  expect(faults({ weights: BOTH, operations: LEARN, users: 4 }, { log })).toEqual([
    "left out for want of a credential: github (needs GITHUB_TOKEN)",
  ]);
});

test("a server that refused everything is told with how it did", () => {
  expect(faults({ weights: BOTH, operations: { ...LEARN, "github:initialize": [7, 0] }, users: 4 })).toEqual([
    "github: none of 7 operations succeeded (github:initialize: http-401, 7 times)",
  ]);
});

test("a server that no user met is told", () => {
  expect(faults({ weights: BOTH, operations: LEARN, users: 2 })).toEqual([
    "github: no user came to an operation; a longer --run-time may show one",
  ]);
});

test.each([
  ["no class of the locustfile tests it", { weights: BOTH, operations: LEARN, users: 4 }, { named: ["learn"] }],
  ["its weight gives it no user", { weights: { github: 1, learn: 9 }, operations: LEARN, users: 4 }, {}],
  ["there were fewer users than servers", { weights: BOTH, operations: LEARN, users: 1 }, {}],
])("a server without operations has no fault when %s", (_why, seen, more) => {
  expect(faults(seen, more)).toEqual([]);
});
