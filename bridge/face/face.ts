import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { PROMETHEUS_TYPE, prometheusText } from "../../record/metrics/prometheus-text.ts";
import type { Bridge } from "../bridge.ts";
import { endFields } from "../link/end-line.ts";
import { MAX_LINE_BYTES } from "../link/line-reader.ts";
import { LinkError } from "../link/link-error.ts";
import { type Message, readMessage } from "../link/messages.ts";
import { PROTOCOL_WORDS } from "../link/protocol-words.ts";
import type { Redactor } from "../redactor.ts";
import { bearer, sameMachine } from "./access.ts";

/**
 * The bridge's HTTP face, for people, monitoring and programs in other languages (docs/http-face.md). Loopback only.
 * Loaded only when asked for, and off the way of the calls.
 */

export interface Face {
  readonly url: string;
  close(): Promise<void>;
}

/** What the face needs of a bridge. */
export type Faced = Pick<Bridge, "operations" | "totals" | "metrics">;

export interface FaceOptions {
  readonly bridge: Faced;
  /** 0 takes a free port. */
  readonly port: number;
  readonly token: string;
  readonly version: string;
  /** Whether `/rpc` is there. Beside a Locust run it is not: its users and its counts are Locust's alone. */
  readonly carriesOut: boolean;
  readonly redactor: Redactor;
}

/** @throws {FaceError} FACE_PORT when the port is taken */
export const startFace = async (options: FaceOptions): Promise<Face> => {
  let port = 0;
  const app = faceApp(options, () => port);
  return await new Promise<Face>((resolve, reject) => {
    const server = app.listen(options.port, "127.0.0.1");
    // A reader of headers or a body that never comes must not hold a place for ever.
    server.requestTimeout = 30_000;
    server.once("error", (cause) => reject(new FaceError(options.port, { cause })));
    server.once("listening", () => {
      port = (server.address() as AddressInfo).port;
      const close = (): Promise<void> =>
        new Promise((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve({ url: `http://127.0.0.1:${port}`, close });
    });
  });
};

/** The face could not be had. Exit code 3: the port is the user's choice. */
export class FaceError extends Error {
  readonly code = "FACE_PORT";
  readonly exitCode = 3;
  constructor(port: number, options: ErrorOptions) {
    super(
      `the bridge's HTTP face cannot listen on port ${port}: it is taken or not allowed; choose another in SWARMBRIDGE_HTTP_PORT, or 0 for a free one`,
      options,
    );
    this.name = "FaceError";
  }
}

const faceApp = ({ bridge, token, version, carriesOut, redactor }: FaceOptions, port: () => number): Express => {
  const app = express();
  app.disable("x-powered-by");
  app.use(cleanAnswers(redactor));
  app.use(sameMachine(port));
  app.get("/healthz", (_request, response) => {
    response.json({ status: "ok", version });
  });
  app.use(bearer(token));
  app.get("/metrics", async (_request, response) => {
    response.type(PROMETHEUS_TYPE).send(prometheusText(await bridge.metrics()));
  });
  app.get("/sessions", (_request, response) => {
    response.json({ sessions: bridge.operations.sessions() });
  });
  app.post("/rpc", (_request, response, next) => {
    if (carriesOut) next();
    else
      response.status(409).json({ error: "this bridge belongs to a Locust run; for /rpc start one: bridge.cjs serve" });
  });
  app.post("/rpc", express.json({ limit: MAX_LINE_BYTES }), async (request, response) => {
    response.json(await carryOut(bridge, withDefaults(request.body)));
  });
  app.use((_request, response) => {
    response.status(404).json({ error: "no such path; there are /healthz, /metrics, /sessions and POST /rpc" });
  });
  app.use(onError);
  return app;
};

/** Every body passes through `send`, those of `json` as well. */
const cleanAnswers =
  (redactor: Redactor): RequestHandler =>
  (_request, response, next) => {
    const send = response.send.bind(response);
    response.send = (body: unknown) => send(typeof body === "string" ? cleanAnswer(body, redactor) : body);
    next();
  };

/** What is not JSON is `/metrics`: its names come clean from the recorder, and the rest is what monitoring looks for. */
const cleanAnswer = (body: string, redactor: Redactor): string =>
  body.startsWith("{") ? redactor.cleanJson(body, PROTOCOL_WORDS) : redactor.cleanWord(body);

/** Over HTTP an operation is meant to start when it arrives. */
const withDefaults = (body: unknown): Message => {
  const fields = typeof body === "object" && body !== null && !Array.isArray(body) ? body : {};
  return readMessage({ at: performance.now(), ...fields });
};

const carryOut = async (bridge: Faced, message: Message): Promise<Record<string, unknown>> => {
  const { operations } = bridge;
  switch (message.op) {
    case "open":
      return endFields(await operations.open(message));
    case "call": {
      const end = await operations.call(message);
      return { ...endFields(end), ...(end.result !== undefined && { result: JSON.parse(end.result) as unknown }) };
    }
    case "close":
      return endFields(await operations.close(message));
    case "cancel":
      operations.cancel(message.id);
      return {};
    case "mark":
      operations.mark(message.session, message.id, message.detail);
      return {};
    case "stats":
      return { totals: await bridge.totals(), sessionsOpen: operations.sessionsOpen, sessions: operations.sessions() };
    default:
      throw new LinkError("LINK_BAD_LINE", { why: "/rpc takes open, call, close, cancel, mark and stats" });
  }
};

const onError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = (error as { status?: unknown }).status;
  if (error instanceof LinkError) response.status(400).json({ error: `${error.message}: ${error.detail.why}` });
  else if (typeof status === "number") response.status(status).json({ error: "the body is not JSON, or too large" });
  else response.status(500).json({ error: "the bridge could not do that" });
};
