import type { IncomingMessage, ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import type { TestAuthority } from "./test-tls.ts";

/** Everything of a request: a secret may be in any part of it. */
export interface Heard {
  readonly path: string;
  readonly all: string;
}

export type Script = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTPS server that does what a test says, and keeps every word that reaches it. It ends with its test. */
export const scriptedServer = async (
  authority: TestAuthority,
  script: Script,
): Promise<{ readonly origin: string; readonly heard: readonly Heard[] }> => {
  const heard: Heard[] = [];
  const server = await authority.serve("scripted", (request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      heard.push({ path: request.url ?? "", all: `${request.url} ${JSON.stringify(request.rawHeaders)} ${body}` });
      script(request, response);
    });
  });
  onTestFinished(() => server.close());
  return { origin: server.origin, heard };
};

export const json =
  (body: object, status = 200): Script =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

export const redirect =
  (location: string, status = 302): Script =>
  (_request, response) => {
    response.writeHead(status, { location }).end();
  };

/** JSON that never comes to its end; with `bytes` it says how long it means to be. */
export const endless =
  (bytes?: number): Script =>
  (_request, response) => {
    response.writeHead(200, {
      "content-type": "application/json",
      ...(bytes === undefined ? {} : { "content-length": String(bytes) }),
    });
    const write = (): void => {
      while (!response.destroyed && response.write("[".repeat(65_536)));
    };
    response.on("drain", write);
    write();
  };

/** A byte now and then. */
export const trickling: Script = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 10);
  response.on("close", () => clearInterval(timer));
};

export const silent: Script = () => undefined;
