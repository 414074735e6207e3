/** The four demo servers, started together and ended together, all in this process. */

import { acceptedTokens } from "./bearer.ts";
import { Counter, type Counts } from "./counts.ts";
import { delaySource } from "./delays.ts";
import { type DemoServer, type DemoServerOptions, startDemoServer } from "./demo-server.ts";
import { SeededText } from "./seeded-text.ts";
import { SERVER_NAMES, type ServerName } from "./server-name.ts";
import { azureDevopsServer } from "./servers/azure-devops.ts";
import { context7Server } from "./servers/context7.ts";
import { githubServer } from "./servers/github.ts";
import { learnServer } from "./servers/learn.ts";
import { SessionFace } from "./session-face.ts";
import { StatelessFace } from "./stateless-face.ts";

export interface FleetOptions {
  /** Servers take the ports that follow: 4100 gives 4101 to 4104. 0 takes free ones. */
  readonly port: number;
  readonly seed: number;
  /** 1 is the pace of the delay table, 10 ten times faster, 0 no delay. */
  readonly speed: number;
}

export interface Fleet {
  readonly urls: Readonly<Record<ServerName, string>>;
  counts(): Readonly<Record<ServerName, Counts>>;
  reset(): void;
  close(): Promise<void>;
}

export class PortTakenError extends Error {
  readonly port: number;
  constructor(port: number, options?: ErrorOptions) {
    super("a port of the demo fleet is taken", options);
    this.name = "PortTakenError";
    this.port = port;
  }
}

/** What makes each server itself: who may come in, and how it speaks MCP. */
const SHAPES = {
  learn: {
    bearer: "none",
    face: (text, counter) => new SessionFace({ createServer: () => learnServer(text), answers: "sse", counter }),
  },
  context7: { bearer: "optional", face: (text) => new StatelessFace(() => context7Server(text)) },
  "azure-devops": { bearer: "required", face: (text) => new StatelessFace(() => azureDevopsServer(text)) },
  github: {
    bearer: "required",
    face: (text, counter) => new SessionFace({ createServer: () => githubServer(text), answers: "json", counter }),
  },
} as const satisfies Record<
  ServerName,
  Pick<DemoServerOptions, "bearer"> & { face: (text: SeededText, counter: Counter) => DemoServerOptions["face"] }
>;

/** @throws {PortTakenError} with none of the servers left running */
export async function startFleet({ port, seed, speed }: FleetOptions): Promise<Fleet> {
  const text = new SeededText(seed);
  const tokens = acceptedTokens();
  const servers: DemoServer[] = [];
  for (const [index, name] of SERVER_NAMES.entries()) {
    const ownPort = port === 0 ? 0 : port + 1 + index;
    const counter = new Counter();
    const { bearer, face } = SHAPES[name];
    const delay = delaySource(name, { seed, speed });
    try {
      servers.push(
        await startDemoServer({ name, port: ownPort, face: face(text, counter), counter, bearer, tokens, delay }),
      );
    } catch (cause) {
      await Promise.all(servers.map((server) => server.close()));
      if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE") {
        throw new PortTakenError(ownPort, { cause });
      }
      throw cause;
    }
  }
  const byName = <T>(pick: (server: DemoServer) => T) =>
    Object.fromEntries(servers.map((server) => [server.name, pick(server)])) as Record<ServerName, T>;
  return {
    urls: byName(({ url }) => url),
    counts: () => byName((server) => server.counts()),
    reset: () => {
      for (const server of servers) server.reset();
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
