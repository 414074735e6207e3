import { parseArgs } from "node:util";
import { isMainThread, workerData } from "node:worker_threads";
import { runRecorderThread } from "../record/recorder-thread.ts";
import { ARGUMENTS_THREAD } from "./arguments/argument-maker.ts";
import { cleanOutput } from "./clean-output.ts";
import { connectedStream, inheritedStream } from "./link/carrier.ts";
import { parsePort } from "./mode/announced-face.ts";
import { describeToStdout } from "./mode/describe.ts";
import { finish } from "./mode/finish.ts";
import { serveLink } from "./mode/link.ts";
import { Redactor } from "./redactor.ts";
import { TELEMETRY_THREAD } from "./telemetry/telemetry-messages.ts";
import { told } from "./told.ts";

/**
 * The entry of `dist/bridge.cjs`. One file, several ways to be started:
 *
 *   --fd N | --connect PORT     Locust's side of the link is there: be its bridge
 *   describe --project DIR [--shape TEXT] [--users N] [--run-time SECONDS]
 *                               print the settings that `hello` would hand out, for a process that needs no bridge
 *   finish DIR                  complete the run record in DIR and print its summary; Locust's counts on standard input
 *   serve [--port N]            be a bridge without Locust, driven over HTTP
 */

const OPTIONS = {
  fd: { type: "string" },
  connect: { type: "string" },
  project: { type: "string" },
  port: { type: "string" },
  shape: { type: "string" },
  users: { type: "string" },
  "run-time": { type: "string" },
} as const;

const run = async (redactor: Redactor): Promise<number> => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true, strict: true });
  const [mode, folder] = positionals;
  if (values.fd !== undefined) return serveLink(inheritedStream(Number(values.fd)), redactor);
  if (values.connect !== undefined) {
    return serveLink(await connectedStream(Number(values.connect), process.stdin, redactor), redactor);
  }
  if (mode === "describe") return describeToStdout(values.project ?? process.cwd(), typedLoad(values), redactor);
  if (mode === "finish" && folder !== undefined) return finish(folder);
  if (mode === "serve") {
    const { serve } = await import("./mode/serve.ts");
    return serve({ port: parsePort(values.port ?? "0"), project: values.project ?? process.cwd(), redactor });
  }
  process.stderr.write("bridge: one of --fd N, --connect PORT, describe, finish DIR, serve is needed\n");
  return 3;
};

/** A Locust master hands on its own options. */
const typedLoad = (values: { readonly shape?: string; readonly users?: string; readonly "run-time"?: string }) => ({
  shape: values.shape,
  users: values.users === undefined ? undefined : Number(values.users),
  runTimeMs: values["run-time"] === undefined ? undefined : Number(values["run-time"]) * 1000,
});

const main = async (): Promise<void> => {
  const redactor = new Redactor();
  cleanOutput(redactor, "bridge");
  try {
    process.exitCode = await run(redactor);
  } catch (error) {
    const { message, exitCode } = told(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  }
  // What is still under way now, a token that an issuer holds back, has nobody who waits for it: Locust is gone.
  process.stdout.write("", () => process.exit());
};

/** Loaded when it is used: the compiler of schemas would cost every start. */
const makeArguments = async (): Promise<void> => {
  const { runArgumentsThread } = await import("./arguments/arguments-thread.ts");
  runArgumentsThread();
};

/** Loaded when it is used, too. */
const sendTelemetry = async (): Promise<void> => {
  const { runTelemetryThread } = await import("./telemetry/telemetry-thread.ts");
  runTelemetryThread();
};

if (isMainThread) void main();
else if (workerData === ARGUMENTS_THREAD) void makeArguments();
else if (workerData?.thread === TELEMETRY_THREAD) void sendTelemetry();
else runRecorderThread();
