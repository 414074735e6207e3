import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Redactor } from "../../../bridge/redactor.ts";
import type { Output } from "../../../cli/output.ts";
import { styleFor } from "../../../cli/style.ts";
import { startFaultServer } from "../../../demo/faults/fault-server.ts";
import { FAULT_SERVERS, type FaultName } from "../../../demo/faults/faults.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

/** A project with one real server, and an output that is kept. */
export const surroundings = async (fault: FaultName = "healthy", entry = "") => {
  const server = await startFaultServer(FAULT_SERVERS[fault]());
  onTestFinished(() => server.close());
  return { ...projectFor(server.url, entry), close: () => server.close() };
};

export const projectFor = (url: string, entry = "") => {
  const folder = temporaryProject({ "loadtest.yaml": `servers: { learn: { url: '${url}', auth: none${entry} } }\n` });
  const printed: string[] = [];
  const output: Output = {
    print: (text) => printed.push(text),
    style: styleFor({ isTTY: false }, {}),
    env: { SWARMBRIDGE_RESULTS: join(folder, "results") },
    redactor: new Redactor(),
  };
  return {
    folder,
    config: join(folder, "loadtest.yaml"),
    history: join(folder, "results", "probe", "learn.jsonl"),
    output,
    printed,
  };
};
