import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { refusal } from "../../config/temporary-project.ts";
import { define, LOCUST_CONF, textOf } from "./project.ts";

const defined = (load: string, conf = "", azure = "") =>
  define({ more: load === "" ? "" : `load: ${load}\n`, files: { "locust.conf": LOCUST_CONF + conf }, azure });

describe("what the engines are told of a shape", () => {
  test.each([
    ["stages of locust.conf, as they are", "", "shape = 30s:5,60s=10\n", "30s:5,60s=10", 10, 90],
    ["stages of the file", "{ shape: '30s:5,60s=10' }", "", "30s:5,60s=10", 10, 90],
    ["a built-in one, with the totals of locust.conf", "{ shape: soak }", "", "soak(users=40,time=120000ms)", 40, 120],
    [
      "its own parameters, beside the totals",
      "",
      "shape = bursts(burst=10s,users=7)\n",
      "bursts(users=7,time=120000ms,burst=10000ms)",
      7,
      80,
    ],
    [
      "a ladder",
      "",
      "shape = staircase(levels=1/5/10,time=1m)\n",
      "staircase(users=40,time=60000ms,levels=1/5/10)",
      10,
      60,
    ],
    [
      "a named one that knows its users and time",
      "{ shape: waves, shapes: { waves: { profile: spike, users: 9, time: 5m } } }",
      "",
      "waves(users=9,time=300000ms)",
      9,
      300,
    ],
  ])("%s", (_what, load, conf, shape, users, seconds) => {
    const definition = defined(load, conf);
    expect(definition.env).toMatchObject({
      SWARMBRIDGE_SHAPE: shape,
      LOCUST_USERS: String(users),
      LOCUST_RUN_TIME: String(seconds),
    });
    expect(definition.load).toMatchObject({ users, runTimeSeconds: seconds });
    const sent = textOf(definition, "locust.conf");
    expect(sent).toContain(`users = ${users}\n`);
    expect(sent).not.toMatch(/^shape/m);
  });

  test("nothing where there is none", () => {
    expect(defined("").env).not.toHaveProperty("SWARMBRIDGE_SHAPE");
    expect(defined("{ startJitter: 500ms }").env).not.toHaveProperty("SWARMBRIDGE_SHAPE");
  });

  test("none where locust.conf switches the file's off", () => {
    const { env } = defined("{ shape: soak }", "shape = none\n");
    expect(env).toMatchObject({ SWARMBRIDGE_SHAPE: "none", LOCUST_USERS: "40", LOCUST_RUN_TIME: "120" });
  });
});

test("scenarios travel in the file, with the users and the length of all of them", () => {
  const definition = defined(
    "{ scenarios: { r: { shape: '5m=30', servers: [learn] }, w: { shape: 'bursts(time=3m)', users: 4, servers: [github], after: 3m } } }",
  );
  expect(definition.env).not.toHaveProperty("SWARMBRIDGE_SHAPE");
  expect(definition.load).toMatchObject({ users: 34, runTimeSeconds: 360 });
  expect(parse(textOf(definition, "loadtest.yaml")).load.scenarios.w.after).toBe("3m");
});

test.each([
  [
    "{ scenarios: { r: { shape: soak, users: 3, servers: [learn] } } }",
    "",
    "",
    /load\.scenarios\.r\.shape: takes its time from run-time/,
  ],
  ["{ shape: '25h=3' }", "", "", /load: is a shape that is longer than 24 hours/],
  ["", "shape = soka\n", "", /locust\.conf.*shape: the load shape names the shape "soka"/],
  ["", "", "  env: { SWARMBRIDGE_SHAPE: soak }\n", /azure\.env\.SWARMBRIDGE_SHAPE: is set by swarmbridge itself/],
])("%s with %j is refused before it costs anything", (load, conf, azure, sentence) => {
  expect(refusal(() => defined(load, conf, azure)).faults.join("\n")).toMatch(sentence);
});
