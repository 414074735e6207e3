import { expect, test } from "vitest";
import { check } from "../../config/check.ts";
import { loadSchema, shapesOf } from "../../traffic/load-schema.ts";

const sentences = (load: unknown): string[] => {
  const found = check(loadSchema, { value: load, written: load, isExpanded: () => false });
  return "complaints" in found ? found.complaints.map(({ path, sentence }) => `${path.join(".")} ${sentence}`) : [];
};

test("a file may say nothing, name a built-in shape, or have its own", () => {
  for (const load of [
    undefined,
    {},
    { shape: "soak" },
    { shape: "30s:5,60s=10" },
    { shape: "none" },
    {
      shapes: { peak: "30s:5", waves: { profile: "bursts" }, own: { stages: [{ for: "1s", users: 1 }] } },
      shape: "own",
    },
    { scenarios: { a: { shape: "1s:1", servers: ["learn"] }, b: { shape: "soak", users: 3, classes: ["B"] } } },
  ]) {
    expect(sentences(load)).toEqual([]);
  }
});

test("stages as a list and as text are the same", () => {
  const load = loadSchema.parse({
    shapes: {
      text: "30s:5,1m=10",
      list: {
        stages: [
          { for: "30s", users: 5 },
          { for: "1m", users: 10, by: "jump" },
        ],
      },
    },
  });
  const { text, list } = shapesOf(load ?? expect.fail());
  expect(text).toEqual(list);
});

test.each([
  [{ shape: "soka" }, /^shape names the shape "soka"/],
  [{ shape: "30s" }, /^shape has the stage "30s"/],
  [{ shape: 5 }, /^shape .*must be a shape/],
  [{ shapes: { soak: "30s:5" } }, /^shapes\.soak has the name of a built-in shape/],
  [{ shapes: { none: "30s:5" } }, /^shapes\.none has the name of a built-in shape/],
  [{ shapes: { a: "b", b: "30s:5" } }, /^shapes\.a names the shape "b"/],
  [{ shapes: { "a b": "30s:5" } }, /is not a name for this/],
  [{ shapes: { a: {} } }, /^shapes\.a needs stages or profile/],
  [{ shapes: { a: { profile: "soak", stages: [{ for: "1s", users: 1 }] } } }, /needs stages or profile/],
  [{ shapes: { a: { profile: "soak", burst: "5s" } } }, /^shapes\.a has burst, which the profile soak/],
  [{ shapes: { a: { stages: [{ for: "1s", users: 1 }], users: 5 } } }, /^shapes\.a has users beside stages/],
  [{ shapes: { a: { stages: [{ for: "1s", users: 0 }] } } }, /^shapes\.a never has a user/],
  [{ shapes: { a: { stages: [{ for: "1s", users: 1, bye: "jump" }] } } }, /did you mean by/],
  [{ shapes: { a: { profile: "staircase", time: "4s", pause: "1s" } } }, /all pauses/],
  [{ scenarios: { a: { shape: "1s:1" } } }, /^scenarios\.a needs servers or classes/],
  [{ scenarios: { a: { shape: "1s:1", servers: ["x"], classes: ["X"] } } }, /^scenarios\.a needs servers or classes/],
  [{ scenarios: { a: { shape: "peek", servers: ["x"] } } }, /^scenarios\.a\.shape names the shape "peek"/],
  [{ scenarios: { a: { shape: "soak", servers: ["x"] } } }, /^scenarios\.a needs users/],
  [
    { scenarios: { a: { shape: "1s:1", servers: ["x"] }, b: { shape: "1s:1", servers: ["x"] } } },
    /^scenarios\.b has x, as a has/,
  ],
  [{ shape: "soak", scenarios: { a: { shape: "1s:1", servers: ["x"] } } }, /^shape stands beside scenarios/],
])("%j has one fault, which is said where it stands", (load, sentence) => {
  const said = sentences(load);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(sentence);
});
