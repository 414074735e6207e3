import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Redactor } from "../../bridge/redactor.ts";
import { loadFor } from "../../cli/load-for.ts";
import { LoneSessions } from "../../cli/lone-sessions.ts";
import { startFaultServer } from "../../demo/faults/fault-server.ts";
import { temporaryProject } from "../config/temporary-project.ts";

test("a lone call has the arguments that were typed: no mark of a canary", async () => {
  const heard: string[] = [];
  const server = await startFaultServer({
    about: "says what it was asked",
    work: async (_tool, text) => {
      heard.push(text);
      return text;
    },
  });
  onTestFinished(() => server.close());
  const entry = `servers: { learn: { url: '${server.url}', auth: none, canary: query } }\n`;
  const settings = loadFor(join(temporaryProject({ "loadtest.yaml": entry }), "loadtest.yaml"));
  const sessions = new LoneSessions({ settings, env: {}, redactor: new Redactor(), note: () => undefined });
  onTestFinished(() => sessions.end());
  const { session } = await sessions.open("learn");
  await sessions.call(session, "tools/call", { name: "search", arguments: { query: "x" } });
  expect(heard).toEqual(["x"]);
});
