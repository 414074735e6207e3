import { describe, expect, test, vi } from "vitest";
import { Redactor } from "../../bridge/redactor.ts";
import { type PreviewOptions, preview } from "../../cli/preview.ts";
import { styleFor } from "../../cli/style.ts";
import { toldOf } from "../../cli/tell-error.ts";
import { temporaryProject } from "../config/temporary-project.ts";

const YAML = `servers:
  a: { url: "http://127.0.0.1:1/mcp", weight: 3, traffic: { think: { between: [1s, 5s] } } }
  b: { url: "https://mcp.example.com/mcp", traffic: { arrivalsPerSecond: 2.5 } }
`;
const CONF = "users = 40\nspawn-rate = 4\nrun-time = 10m\n";

const previewed = (
  files: Readonly<Record<string, string>>,
  options: Partial<PreviewOptions> = {},
  env: NodeJS.ProcessEnv = {},
): string => {
  vi.spyOn(process, "cwd").mockReturnValue(temporaryProject(files));
  const printed: string[] = [];
  const output = {
    print: (text: string) => printed.push(text),
    style: styleFor({ columns: 70 }, env),
    env,
    redactor: new Redactor(),
  };
  try {
    expect(preview({ config: undefined, json: false, ...options }, output)).toBe(0);
  } finally {
    vi.restoreAllMocks();
  }
  return printed.join("\n");
};

const json = (
  files: Readonly<Record<string, string>>,
  options: Partial<PreviewOptions> = {},
  env: NodeJS.ProcessEnv = {},
) => JSON.parse(previewed(files, { json: true, ...options }, env));

describe("which load is drawn", () => {
  const both = { "loadtest.yaml": `${YAML}load: { shape: "5m=7" }\n`, "locust.conf": `${CONF}shape = 5m=6\n` };

  test.each([
    ["the command line", { shape: "5m=9" }, { LOCUST_SHAPE: "5m=8" }, "5m=9"],
    ["the environment", {}, { LOCUST_SHAPE: "5m=8", SWARMBRIDGE_SHAPE: "5m=5" }, "5m=8"],
    ["locust.conf", {}, { SWARMBRIDGE_SHAPE: "5m=5" }, "5m=6"],
    ["locust.conf, which can switch the file's off", { shape: "none" }, {}, "10s:40,590s=40"],
  ])("that of %s", (_what, options, env, stages) => {
    expect(json(both, options, env).stages).toBe(stages);
  });

  test("that of the file, with users and time as Locust would have them", () => {
    const { "loadtest.yaml": yaml } = both;
    expect(json({ "loadtest.yaml": yaml, "locust.conf": CONF }).stages).toBe("5m=7");
    expect(json({ "loadtest.yaml": yaml }, {}, { SWARMBRIDGE_SHAPE: "5m=5" }).stages).toBe("5m=5");
    expect(json({ "loadtest.yaml": YAML, "locust.conf": CONF }, { shape: "spike", users: 5 }).stages).toBe("10m=5");
    expect(json({}, { shape: "smoke", runTime: "90" }, { LOCUST_USERS: "3" }).stages).toBe("90s=3");
  });
});

test("a person sees the picture, the stages, what comes to each server, and what it will not show", () => {
  const text = previewed({ "loadtest.yaml": YAML, "locust.conf": CONF }, { shape: "30s:60,1m=60" });
  expect(text).toContain("stages: 90s, at most 60 users, 75 user-minutes");
  expect(text).toMatch(/60 ┤ +▁▄▇█/);
  expect(text).toMatch(/30s +1m +60$/m);
  expect(text).toContain("a: at most 45 users; about 1,125 items of its mix, fewer");
  expect(text).toContain("b: at most 15 users; 2.5 planned starts a second, 225 in all");
  expect(text).toContain("! The level lasts 1m: too short");
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(70);
});

describe("a built-in shape that has its numbers from locust.conf", () => {
  const smoke = (options: Partial<PreviewOptions> = {}) =>
    json({ "locust.conf": CONF }, { shape: "smoke", ...options });

  test("says so, and what it is by itself", () => {
    expect(smoke()).toMatchObject({ stages: "10m=40" });
    expect(smoke().warnings).toContain(
      "The shape has users = 40 and run-time = 10m from locust.conf in place of its own numbers: by itself it is 2m=1. " +
        "Type -u and -t to have others.",
    );
    expect(smoke({ users: 1 }).warnings.join()).toMatch(/^The shape has run-time = 10m from locust.conf .* 2m=1\./);
  });

  test("says nothing where both were typed, or stand in the shape", () => {
    expect(smoke({ users: 1, runTime: "2m" }).warnings.join()).not.toContain("locust.conf");
    expect(smoke({ shape: "smoke(users=1,time=2m)" }).warnings.join()).not.toContain("locust.conf");
    expect(smoke({ shape: "5m=7" }).warnings.join()).not.toContain("locust.conf");
  });
});

test("what is typed and no shape is told where shapes are explained", () => {
  const fault = (): unknown => {
    try {
      return previewed({}, { shape: "soakk" });
    } catch (error) {
      return error;
    }
  };
  expect(toldOf(fault()).next).toContain("docs/traffic.md");
});

test("scenarios have a picture each, on one axis of time, and a public server's limit is told", () => {
  const scenarios =
    "load: { scenarios: { r: { shape: '5m=20', servers: [b] }, w: { shape: '10m=4', classes: [AUser] } } }\n";
  const text = previewed({ "loadtest.yaml": YAML + scenarios });
  expect(text).toMatch(/^r \(b\)$/m);
  expect(text).toMatch(/^w \(AUser\)$/m);
  expect(text.match(/ 10m$/gm)).toHaveLength(2);
  expect(text).toMatch(/b gets up to 20 users, but no more than\s+17/);
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    "in no server's number here, and come on top of it: w (AUser; at most 4).",
  );
});

test.each([
  [{}, {}, /nothing says how long the run is/],
  [{}, { shape: "soak", runTime: "soon" }, /--run-time must be a time such as 90, 10m or 1h30m/],
  [{ "locust.conf": "users = many\n" }, { shape: "soak" }, /users in locust.conf must be a whole number from 1/],
])("%j with %j is wrong input", (files, options, sentence) => {
  expect(() => previewed(files, options)).toThrow(sentence);
});
