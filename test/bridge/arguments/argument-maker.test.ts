import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ArgumentMaker } from "../../../bridge/arguments/argument-maker.ts";

/** Long enough for a machine under load, short enough for a test of what takes for ever. */
const LIMIT_MS = 700;

let maker: ArgumentMaker;
beforeEach(() => {
  maker = new ArgumentMaker(LIMIT_MS);
});
afterEach(() => maker.close());

const make = (schema: unknown, seed = 1, count = 1) => maker.make({ schema, seed, count });
const object = (properties: Readonly<Record<string, unknown>>, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
});

const SEARCH = object({ query: { type: "string", minLength: 3 }, limit: { type: "integer", minimum: 1, maximum: 50 } });

describe("ArgumentMaker", () => {
  test("makes what the schema asks for, the same for the same seed", async () => {
    const made = await make(SEARCH, 7, 20);
    for (const { query, limit } of made as readonly { query: string; limit: number }[]) {
      expect(query.length).toBeGreaterThanOrEqual(3);
      expect(limit).toBeGreaterThanOrEqual(1);
      expect(limit).toBeLessThanOrEqual(50);
    }
    expect(new Set(made.map((one) => JSON.stringify(one))).size).toBeGreaterThan(10);
    expect(await make(SEARCH, 7, 20)).toEqual(made);
    expect(await make(SEARCH, 700, 20)).not.toEqual(made);
  });

  test("the sets of neighbouring seeds continue each other", async () => {
    const [, second] = await make(SEARCH, 7, 2);
    expect(await make(SEARCH, 8)).toEqual([second]);
  });

  test.each([
    ["no properties", { type: "object" }, {}],
    [
      "draft 7 with definitions",
      {
        $schema: "http://json-schema.org/draft-07/schema#",
        ...object({ a: { $ref: "#/definitions/a" } }),
        definitions: { a: { const: 5 } },
      },
      { a: 5 },
    ],
    ["a name of its own", { $id: "https://example.com/a", ...object({ a: { const: 1 } }) }, { a: 1 }],
    [
      "an unknown keyword and format",
      object({ a: { type: "string", format: "colour", "x-y": 1, enum: ["red"] } }),
      { a: "red" },
    ],
  ])("takes %s", async (_name, schema, expected) => {
    expect(await make(schema)).toEqual([expected]);
  });

  test("leaves optional arguments out unless their schema says what is good", async () => {
    const optional = {
      cursor: { type: "string" },
      page: { type: "integer" },
      order: { enum: ["up", "down"] },
      limit: { type: "integer", minimum: 1, maximum: 9 },
      all: { type: "boolean" },
    };
    const keys = (await make(object(optional, []), 1, 40)).flatMap((one) => Object.keys(one));
    expect([...new Set(keys)].sort()).toEqual(["all", "limit", "order"]);
  });

  test.each([
    ["ARGUMENTS_NO_SCHEMA", "a text", "object"],
    ["ARGUMENTS_ELSEWHERE", "a reference to the web", object({ a: { $ref: "https://example.com/schema.json" } })],
    ["ARGUMENTS_ELSEWHERE", "a reference to a file", { allOf: [{ $dynamicRef: "file:///etc/passwd" }] }],
    ["ARGUMENTS_TOO_LARGE", "a large one", object({ a: { enum: ["x".repeat(300_000)] } })],
    ["ARGUMENTS_TOO_LARGE", "a deep one", Array.from({ length: 5000 }).reduce((inner) => ({ not: inner }), {})],
    ["ARGUMENTS_BAD_SCHEMA", "a reference to nothing", object({ a: { $ref: "#/definitions/none" } })],
    ["ARGUMENTS_BAD_SCHEMA", "a pattern that is none", object({ a: { type: "string", pattern: "(" } })],
    ["ARGUMENTS_NONE", "one that nothing satisfies", object({ a: { type: "integer", minimum: 5, maximum: 3 } })],
    ["ARGUMENTS_NONE", "one that is no object's", { type: "array", items: {} }],
  ])("says %s of %s", async (code, _name, schema) => {
    await expect(make(schema)).rejects.toMatchObject({ code });
  });

  test("a stranger's words in a fault forge no lines of a log", async () => {
    const error = await make(object({ a: { $ref: "#/definitions/a\nERROR all is lost" } })).catch((caught) => caught);
    expect(error.detail.why).toContain("all is lost");
    expect(error.detail.why).not.toContain("\n");
  });

  test.each([
    // Each needs more than a lifetime, or more than the memory of the machine.
    ["a pattern that never ends", object({ a: { const: `${"a".repeat(40)}!`, pattern: "^(a+)+$" } })],
    ["a list of a thousand million items", object({ a: { type: "array", items: { type: "string" }, minItems: 1e9 } })],
    ["a text of a thousand million letters", object({ a: { type: "string", minLength: 1e9 } })],
  ])("ends %s, and serves the next request", async (_name, schema) => {
    await make(SEARCH);
    await expect(make(schema)).rejects.toMatchObject({ code: expect.stringMatching(/^ARGUMENTS_(SLOW|NONE)$/) });
    expect(await make(SEARCH)).toHaveLength(1);
  });

  test("a name that would break out of the code that ajv makes of a schema stays a name", async () => {
    const made = await make(object({ 'a"]);process.env;//': { const: 1 } }));
    expect(made).toEqual([{ 'a"]);process.env;//': 1 }]);
  });

  test("who asks while the bridge ends is told so", async () => {
    const made = make(SEARCH);
    maker.close();
    await expect(made).rejects.toMatchObject({ code: "ARGUMENTS_OVER" });
  });
});
