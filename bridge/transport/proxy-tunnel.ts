import { type ClientRequest, type IncomingMessage, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { isIPv6, type Socket } from "node:net";
import { type buildConnector, errors } from "undici";
import { proxyAuthorization } from "../../config/proxy.ts";
import { WireError } from "../outcome.ts";

export interface Tunnel {
  /** With its credentials. */
  readonly proxy: URL;
  /** For the tunnel alone; TLS to the server has its own. */
  readonly limitMs: number;
  /** Of the proxy's address; 0 for any. */
  readonly family: 0 | 4 | 6;
  /** Makes TLS with the server on a socket that is there already. */
  readonly withTls: buildConnector.connector;
}

/**
 * Connections through a proxy, each by a tunnel of its own (CONNECT, RFC 9110, section 9.3.6), for http as well: what the
 * proxy would make of a request is not measured, and it sees no header. Its refusal is `connect` with its status.
 */
export const throughProxy = (tunnel: Tunnel): buildConnector.connector => {
  const { proxy, limitMs, family, withTls } = tunnel;
  const send = proxy.protocol === "https:" ? overHttps : overHttp;
  const authorization = proxyAuthorization(proxy.href);
  return (target, callback) => {
    const authority = authorityOf(target);
    const request: ClientRequest = send({
      method: "CONNECT",
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      path: authority,
      headers: { host: authority, ...(authorization !== null && { "proxy-authorization": authorization }) },
      agent: false,
      family,
    });
    const limit = setTimeout(
      () => request.destroy(new errors.ConnectTimeoutError("the proxy did not answer")),
      limitMs,
    );
    const fail = (error: Error): void => {
      clearTimeout(limit);
      callback(error, null);
    };
    request.once("error", fail);
    request.once("connect", (response: IncomingMessage, socket: Socket) => {
      clearTimeout(limit);
      request.off("error", fail);
      if (response.statusCode !== 200) {
        socket.destroy();
        const code = response.statusCode ?? 0;
        fail(new WireError({ reason: "connect", code, detail: `the proxy answered ${code}` }));
      } else if (target.protocol === "https:") {
        withTls({ ...target, httpSocket: socket }, callback);
      } else {
        callback(null, socket.setNoDelay(true));
      }
    });
    request.end();
  };
};

const authorityOf = ({ hostname, port, protocol }: buildConnector.Options): string =>
  `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
