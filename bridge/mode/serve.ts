import { randomBytes } from "node:crypto";
import type { Redactor } from "../redactor.ts";
import { VERSION } from "../version.ts";
import { announceFace } from "./announced-face.ts";
import { load, makeBridge } from "./make-bridge.ts";

/** A bridge without Locust, driven over HTTP by a program in any language. Records one run, until it is ended. */

export interface ServeOptions {
  readonly port: number;
  readonly project: string;
  readonly redactor: Redactor;
}

/** @returns the exit code */
export const serve = async ({ port, project, redactor }: ServeOptions): Promise<number> => {
  const loaded = load(project, redactor);
  const bridge = makeBridge(loaded, {}, (level, text) => process.stderr.write(`${level}: ${text}\n`));
  const ended = endOrder();
  try {
    const dir = await bridge.start({
      op: "start",
      id: 1,
      // Two that start in the same second must not write one record.
      run: `${runStamp(new Date())}-serve-${randomBytes(2).toString("hex")}`,
      part: null,
      share: { index: 0, of: 1 },
      plan: {},
      tally: null,
    });
    const face = await announceFace(bridge, port, { carriesOut: true, redactor, environment: loaded.environment });
    process.stdout.write(`swarmbridge ${VERSION} at ${face.url}; token in ${face.file}; run record in ${dir}\n`);
    const reason = await ended;
    await face.close();
    await bridge.end(reason);
    return reason === "Ctrl-C" ? 130 : 0;
  } catch (error) {
    await bridge.end("it could not start");
    throw error;
  }
};

/** Listened for from the beginning: an order that comes during the start must not leave anything behind. */
const endOrder = (): Promise<string> =>
  new Promise((resolve) => {
    process.once("SIGINT", () => resolve("Ctrl-C"));
    process.once("SIGTERM", () => resolve("SIGTERM"));
  });

/** `20261121-105500`, local time: what a person looks for in a list of folders. */
const runStamp = (now: Date): string => {
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
};
