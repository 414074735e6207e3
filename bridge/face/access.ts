import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";

/**
 * Who may speak to the HTTP face. A page in the user's browser must not (Host and Origin: DNS rebinding), nor a
 * second user of the machine (bearer token).
 */

/** Only requests that name this very loopback address, and no page of another origin. */
export const sameMachine =
  (port: () => number): RequestHandler =>
  (request, response, next) => {
    const hosts = ["127.0.0.1", "localhost", "[::1]"].map((host) => `${host}:${port()}`);
    const origin = request.headers.origin;
    const isKnownHost = hosts.includes(request.headers.host ?? "");
    const isKnownOrigin = origin === undefined || hosts.some((host) => origin === `http://${host}`);
    if (isKnownHost && isKnownOrigin) next();
    else response.status(403).json({ error: "the Host or Origin header is not this bridge's own" });
  };

export const bearer =
  (token: string): RequestHandler =>
  (request, response, next) => {
    // Digests are of one length: the comparison takes the same time for every wrong token.
    const given = digest(request.headers.authorization ?? "");
    if (timingSafeEqual(given, digest(`Bearer ${token}`))) next();
    else response.status(401).set("WWW-Authenticate", "Bearer").json({ error: "the bearer token is missing or wrong" });
  };

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
