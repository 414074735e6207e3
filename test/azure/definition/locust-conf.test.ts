import { expect, test } from "vitest";
import { parseTimeSpan } from "../../../azure/definition/locust-conf.ts";
import { refusal } from "../../config/temporary-project.ts";
import { define, textOf } from "./project.ts";

const confOf = (text: string) => {
  const definition = define({ files: { "locust.conf": text } });
  return { definition, text: textOf(definition, "locust.conf") };
};

test("an engine gets users, spawn rate and run time as totals, headless, and the user's other options", () => {
  const { definition, text } = confOf(
    "users = 40\nspawn-rate = 2.5\nrun-time = 1h30m\nstop-timeout = 10\ntags = smoke fast\n",
  );
  expect(definition.load).toEqual({ users: 40, spawnRate: 2.5, runTimeSeconds: 5400 });
  expect(text.split("\n").slice(1, -1)).toEqual([
    "users = 40",
    "spawn-rate = 2.5",
    "run-time = 5400s",
    "headless = true",
    "stop-timeout = 10",
    "tags = smoke fast",
  ]);
  expect(definition.env).toMatchObject({ LOCUST_USERS: "40", LOCUST_SPAWN_RATE: "2.5", LOCUST_RUN_TIME: "5400" });
});

test("every notation that Locust reads is read", () => {
  const { definition, text } = confOf(
    [
      "# a comment",
      "[locust]",
      "; another",
      "---",
      "users: 7",
      '--run-time "90" # s',
      "only-summary",
      "spawn-rate=3",
      "",
    ].join("\n"),
  );
  expect(definition.load).toEqual({ users: 7, spawnRate: 3, runTimeSeconds: 90 });
  expect(text).toContain("\nonly-summary = true\n");
});

test("a value is read there as it is here, also with what looks like a comment in it", () => {
  const { text } = confOf(
    [
      `users = 1`,
      `run-time = 5`,
      `tags = "a #b"`,
      `loglevel = 'DEBUG'`,
      `expect = "it's ;so"`,
      `empty =`,
      `only-summary`,
    ].join("\n"),
  );
  expect(text.split("\n").slice(5, -1)).toEqual([
    'tags = "a #b"',
    "loglevel = DEBUG",
    `expect = "it's ;so"`,
    "empty = ",
    "only-summary = true",
  ]);
});

test("a key of ours in another spelling is named, since Locust would pass over it", () => {
  const text = "users = 1\nspawn_rate = 3\nrun_time = 1h30m\n";
  expect(refusal(() => confOf(text)).faults).toEqual([
    expect.stringMatching(/^locust\.conf:1:1 run-time: is missing/),
    "locust.conf:2:1 spawn_rate: is not read by Locust: write spawn-rate",
    "locust.conf:3:1 run_time: is not read by Locust: write run-time",
  ]);
});

test.each(["host = https://user:swordfish@h/", "custom-pass = swordfish", "conn = Server=a;Password=swordfish"])(
  "%s is refused as a secret and not quoted",
  (line) => {
    const { faults } = refusal(() => confOf(`users = 1\nrun-time = 5\n${line}\n`));
    expect(faults).toEqual([expect.stringMatching(/^locust\.conf:3:1 \S+: looks like a secret in plain sight/)]);
    expect(faults[0]).not.toContain("swordfish");
  },
);

test("the last of several counts, and without a spawn rate it is Locust's own", () => {
  expect(confOf("users = 1\nrun-time = 5\nusers = 2\n").definition.load).toEqual({
    users: 2,
    spawnRate: 1,
    runTimeSeconds: 5,
  });
});

test("what makes no sense on an engine stays here, and a warning says why", () => {
  const { definition, text } = confOf(
    "users = 1\nrun-time = 5\nweb-host = 127.0.0.1\nweb-port = 1\nprocesses = 4\nhtml = r.html\nlocustfile = multi.py\nlist = true\n",
  );
  expect(text).not.toMatch(/web|processes|html|locustfile|list/);
  expect(definition.warnings).toEqual([
    "locust.conf: web-host, web-port stays here, an engine has no web UI.",
    "locust.conf: processes stays here, each engine runs one process, by itself.",
    "locust.conf: html stays here, it names a place on this machine.",
    "locust.conf: list stays here, it would print instead of testing.",
    "locust.conf: locustfile stays here, azure.testPlan names the locustfile.",
  ]);
});

test.each([
  ["90", 90],
  ["90s", 90],
  ["10m", 600],
  ["1h30m", 5400],
  ["1h1m1s", 3661],
  ["0", null],
  ["0s", null],
  ["", null],
  ["1.5h", null],
  ["30s1m", null],
  ["-5", null],
  ["forever", null],
])("the time span %j is %j s", (text, seconds) => {
  expect(parseTimeSpan(text)).toBe(seconds);
});
