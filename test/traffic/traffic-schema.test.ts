import { describe, expect, test } from "vitest";
import { load, refusal } from "../config/temporary-project.ts";

/** @param traffic as it stands in the file, one line */
const file = (traffic: string): string =>
  `servers:\n  a:\n    url: http://localhost:3000/mcp\n    traffic: ${traffic}\n`;

const trafficOf = (traffic: string) => load(file(traffic)).servers.a?.traffic;

describe("traffic", () => {
  test("alone means all tools that only read, with the usual think time", () => {
    expect(trafficOf("{}")).toEqual({
      mix: null,
      think: { fromMs: 1000, toMs: 5000 },
      burst: null,
      allow: [],
      seed: 1,
      sessionLifetime: null,
      arrivalsPerSecond: null,
      arrivals: { byChance: false, of: "items", limitMs: 1000 },
    });
  });

  test("an operation is an item of one step, with a weight", () => {
    expect(trafficOf("{ mix: [{ call: search, arguments: { q: mcp }, weight: 8, timeout: 2s }] }")).toMatchObject({
      mix: [
        {
          weight: 8,
          turn: null,
          steps: [{ operation: { does: "call", of: "search", arguments: { q: "mcp" }, times: 1, timeoutMs: 2000 } }],
        },
      ],
    });
  });

  test("a call without arguments is told from one with none", () => {
    const argumentsOf = (item: string) =>
      (trafficOf(`{ mix: [${item}] }`) as unknown as Mix).mix[0]?.steps[0]?.operation.arguments;
    expect(argumentsOf("{ call: a }")).toBe(null);
    expect(argumentsOf("{ call: a, arguments: {} }")).toEqual({});
  });

  test("an answer is kept with the places that later steps refer to", () => {
    const steps =
      "[{ call: a, save: x }, { call: b, arguments: { u: [{ $result: x/text, matches: 'id=(\\w+)' }], v: { $join: [{ $result: x/json/0 }] } } }, { read: { $result: x/raw/a } }]";
    const { mix } = trafficOf(`{ mix: [{ turn: t, steps: ${steps} }] }`) as unknown as Mix;
    expect(mix[0]?.steps[0]?.operation.needs).toEqual([
      { at: "x/text", matches: "id=(\\w+)" },
      { at: "x/json/0", matches: null },
      { at: "x/raw/a", matches: null },
    ]);
  });

  test.each([
    ["none", { fromMs: 0, toMs: 0 }],
    ["2s", { fromMs: 2000, toMs: 2000 }],
    ["{ between: [1s, 2m] }", { fromMs: 1000, toMs: 120_000 }],
    ["agent", { agent: { short: { fromMs: 200, toMs: 1000 }, long: { fromMs: 5000, toMs: 30_000 }, calls: 4 } }],
    ["{ agent: { calls: 2 } }", { agent: { calls: 2, short: { fromMs: 200, toMs: 1000 } } }],
  ])("think: %s", (think, expected) => {
    expect(trafficOf(`{ think: ${think} }`)).toMatchObject({ think: expected });
  });

  test("inside a burst nobody thinks unless the file says so", () => {
    expect(trafficOf("{ burst: {} }")).toMatchObject({
      think: { fromMs: 0, toMs: 0 },
      burst: { idle: { fromMs: 10_000, toMs: 60_000 }, items: [3, 8], turn: null },
    });
    expect(trafficOf("{ burst: {}, think: 1s }")).toMatchObject({ think: { fromMs: 1000 } });
  });

  test("a session per item is asked for by name", () => {
    expect(trafficOf("{ sessionLifetime: item }")).toMatchObject({ sessionLifetime: { fromMs: 0, toMs: 0 } });
  });

  test.each([
    ["{ mix: [] }", "mix: is a list, must be a list of items such as [{ call: search, weight: 8 }]"],
    ["{ mix: [{ call: a, weight: 0 }] }", "mix: is a list, must have an item with a weight above 0"],
    ["{ mix: [{ cal: a }] }", "mix.0.cal: is not a known key; did you mean call?"],
    [
      "{ mix: [{ call: a, ping: true }] }",
      "mix.0: is a map, must have one of call, read, prompt, list, ping, steps, parallel",
    ],
    ["{ mix: [{ ping: true, arguments: {} }] }", "mix.0.arguments: does not go with ping"],
    [
      "{ mix: [{ call: a, arguments: { q: 1 }, expect: { argument: p } }] }",
      "mix.0.expect: asks for the argument p, which the call has not",
    ],
    ["{ mix: [{ list: tools, expect: x }] }", "mix.0.expect: does not go with list"],
    ["{ mix: [{ steps: [{ call: a }], expect: x }] }", "mix.0.expect: goes with a single operation only"],
    ["{ mix: [{ steps: [{ pause: 1s, save: x }] }] }", "mix.0.steps.0.save: goes with a single operation only"],
    [
      "{ mix: [{ call: a, save: x, times: 2 }] }",
      "mix.0.save: does not go with times: which of the answers would it be?",
    ],
    [
      "{ mix: [{ parallel: [{ call: a, times: 600 }, { call: b, times: 600 }] }] }",
      "mix.0.parallel: is a list, must be at most 1000 operations at once",
    ],
    [
      "{ mix: [{ call: a, arguments: { q: { $pik: [1] } } }] }",
      "mix.0.arguments.q.$pik: is no way to make a value; did you mean $pick?",
    ],
    [
      "{ mix: [{ call: a, arguments: { q: { $pick: [] } } }] }",
      "mix.0.arguments.q.$pick: is a list, must be a list with at least one value",
    ],
    [
      "{ mix: [{ call: a, arguments: { q: { $range: [9, 1] } } }] }",
      "mix.0.arguments.q.$range: is a list, must be two numbers such as [1, 100], the smaller one first",
    ],
    [
      "{ mix: [{ call: a, arguments: { q: { $pick: [1], colum: x } } }] }",
      "mix.0.arguments.q.colum: is not known beside $pick",
    ],
    [
      "{ mix: [{ call: a, arguments: { n: .inf } }] }",
      "mix.0.arguments.n: is Infinity, must be a number that JSON has",
    ],
    [
      "{ mix: [{ call: a, arguments: { q: { $lines: no.txt } } }] }",
      "mix.0.arguments.q.$lines: names a file that is not there",
    ],
    [
      "{ think: 5x }",
      'think: is "5x", must be none, a time such as 2s, { between: [1s, 5s] }, agent, or { agent: ... }',
    ],
    ["{ think: { betwen: [1s, 2s] } }", "think.betwen: is not a known key; did you mean between?"],
    ["{ think: { between: [5s, 1s] } }", "think.between: is a list, must begin with the shorter time"],
    ["{ arrivals: { byChance: true } }", "arrivals: says more about arrivalsPerSecond, which is not there"],
    [
      "{ burst: {}, arrivalsPerSecond: 5 }",
      "arrivalsPerSecond: does not go with burst: the plan says when items start",
    ],
    [
      "{ burst: { turn: b }, mix: [{ call: a, turn: t }] }",
      "burst: has a turn, and so have items of the mix: turns do not nest",
    ],
  ])("%s is refused", (traffic, fault) => {
    const { faults } = refusal(() => load(file(traffic)));
    expect(faults).toEqual([expect.stringMatching(/^loadtest\.yaml:4:\d+ servers\.a\.traffic\./)]);
    expect(faults[0]?.split("servers.a.traffic.")[1]).toBe(fault);
  });

  const chain = (steps: string) => () => load(file(`{ mix: [{ steps: ${steps} }] }`));
  test.each([
    [
      "[{ call: a, save: found }, { read: { $result: foud/text } }]",
      "steps.1.read.$result: refers to foud, which no earlier step saved: did you mean found?",
    ],
    [
      "[{ read: { $result: found/text } }, { call: a, save: found }]",
      "steps.0.read.$result: refers to found, which no earlier step saved: no earlier step has a save",
    ],
    [
      "[{ parallel: [{ call: a, save: x }, { read: { $result: x/text } }] }]",
      "steps.0.parallel.1.read.$result: refers to x, which no earlier step saved: no earlier step has a save",
    ],
    ["[{ call: a, save: x }, { call: b, save: x }]", "steps.1.save: is saved twice: x"],
    [
      "[{ call: a, save: x }, { read: { $result: x/txt } }]",
      'steps.1.read.$result: is "x/txt", must say what of the answer is meant: x/text, x/structured, x/json, x/raw (did you mean text?)',
    ],
    [
      "[{ call: a, save: x }, { read: { $result: x/text/0 } }]",
      'steps.1.read.$result: is "x/text/0", must end after x/text, which has no parts (x/json is the text parsed as JSON)',
    ],
  ])("%s is refused", (steps, fault) => {
    expect(refusal(chain(steps)).faults.map((line) => line.split("traffic.mix.0.")[1])).toEqual([fault]);
  });

  test("keys of a tool that begin with $ can be written", () => {
    const { mix } = trafficOf(
      "{ mix: [{ call: a, arguments: { $literal: { $top: 5, x: { $pik: 1 } } } }] }",
    ) as unknown as Mix;
    expect(mix[0]?.steps[0]?.operation.arguments).toEqual({ $literal: { $top: 5, x: { $pik: 1 } } });
  });
});

interface Mix {
  readonly mix: readonly {
    readonly steps: readonly {
      readonly operation: { readonly arguments: unknown; readonly needs: unknown };
    }[];
  }[];
}
