import { expect, test } from "vitest";
import { repeatCommand } from "../../report/repeat-command.ts";

const PLAN = { locustfile: "multi.py", users: 17, spawnRate: 8, runTime: 30, stopTimeout: 0, shape: null };

test("the same load is planned by the same words", () => {
  expect(repeatCommand(PLAN)).toBe("locust --headless -f multi.py -u 17 -r 8 -t 30s");
  expect(repeatCommand({ ...PLAN, runTime: "5m", stopTimeout: 10 })).toContain("-t 5m -s 10");
});

test("a shape plans users and time by itself", () => {
  expect(repeatCommand({ ...PLAN, shape: "Stages" })).toBe("locust --headless -f multi.py");
});

test("a name that a shell would take apart, or run, is quoted", () => {
  expect(repeatCommand({ ...PLAN, shape: "x", locustfile: "my $(tests)'.py" })).toBe(
    "locust --headless -f 'my $(tests)'\\''.py'",
  );
});

test("a record without a locustfile has no such command", () => {
  expect(repeatCommand({ users: 4 })).toBeNull();
});
