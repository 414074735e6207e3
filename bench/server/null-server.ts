/** The bench's handle on its null server. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startChild } from "../children.ts";
import { onCore } from "../cores.ts";
import type { Listening, Served } from "./questions.ts";

const PROGRAM = fileURLToPath(new URL("main.ts", import.meta.url));

export interface NullServer {
  /** `http://127.0.0.1:PORT`, a workload's path comes after it. */
  readonly origin: string;
  /** What it did so far. */
  served(): Promise<Served>;
}

/** Ends with `endChildren`. */
export const startNullServer = async (): Promise<NullServer> => {
  const child = startChild(onCore("server", [process.execPath, PROGRAM]), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [{ port }] = (await once(child, "message")) as [Listening];
  return {
    origin: `http://127.0.0.1:${port}`,
    served: async () => {
      const answered = once(child, "message");
      child.send("served");
      const [served] = (await answered) as [Served];
      return served;
    },
  };
};
