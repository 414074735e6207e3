/** A table of routes, and what the service asks of every request before it looks into it. */

import { claimsOf } from "../entra-token.ts";
import type { Call, Reply } from "./host.ts";
import { invalid, notFound, ServiceError } from "./service-error.ts";

export interface Routed {
  readonly call: Call;
  /** Of the path, decoded. */
  readonly at: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed body of a merge patch or a JSON request; undefined for others. */
  readonly json: unknown;
}

export interface Route {
  readonly method: "GET" | "HEAD" | "PATCH" | "PUT" | "POST" | "DELETE";
  /** `/tests/{testId}/files/{fileName}`; `{+id}` takes slashes too. */
  readonly path: string;
  readonly versions: readonly string[] | "any";
  /** What may be asked beside `api-version`. */
  readonly query?: readonly string[];
  readonly body?: "application/merge-patch+json" | "application/json" | "application/octet-stream";
  /** A JSON body may be missing. */
  readonly isBodyOptional?: boolean;
  readonly handle: (routed: Routed) => Reply | Promise<Reply>;
}

const ID = /^[a-z0-9_-]{2,50}$/;
const IDS = new Set(["testId", "testRunId"]);
const VERSION = /^\d{4}-\d{2}-\d{2}(?:-preview)?$/;

/** @throws {ServiceError} 401 */
export const checkToken = (call: Call, audience: string): void => {
  const [scheme, token] = (call.headers.authorization ?? "").split(" ");
  const claims = scheme === "Bearer" && token !== undefined ? claimsOf(token, Date.now()) : null;
  if (claims?.aud !== audience) {
    throw new ServiceError(401, "Unauthorized", "The access token is missing, has ended or is for something else.");
  }
};

export const answerByRoutes = async (routes: readonly Route[], call: Call): Promise<Reply> => {
  const { pathname } = call.url;
  const there = routes.flatMap((route) => {
    const at = matched(route.path, pathname);
    return at === null ? [] : [{ route, at }];
  });
  if (there.length === 0) throw notFound("ResourceNotFound", `There is nothing at ${pathname}.`);
  const found = there.find(({ route }) => route.method === call.method);
  if (found === undefined) {
    const allowed = there.map(({ route }) => route.method).join(", ");
    throw new ServiceError(405, "MethodNotAllowed", `${call.method} is not allowed here, only ${allowed}.`);
  }
  const { route, at } = found;
  checkVersion(route, call.url.searchParams);
  checkQuery(route, call.url.searchParams);
  for (const [name, value] of Object.entries(at)) {
    if (IDS.has(name) && !ID.test(value)) throw invalid(`${name} must be 2 to 50 of a-z, 0-9, _ and -.`, name);
  }
  return await route.handle({ call, at, query: call.url.searchParams, json: bodyOf(route, call) });
};

const checkVersion = ({ versions }: Route, query: URLSearchParams): void => {
  const asked = query.getAll("api-version");
  const [version = ""] = asked;
  if (asked.length === 0) {
    throw new ServiceError(400, "MissingApiVersionParameter", "The api-version query parameter is required.");
  }
  if (asked.length > 1 || !VERSION.test(version) || (versions !== "any" && !versions.includes(version))) {
    throw new ServiceError(400, "UnsupportedApiVersion", `The api-version '${version}' is not supported.`);
  }
};

const checkQuery = (route: Route, query: URLSearchParams): void => {
  for (const name of query.keys()) {
    if (name !== "api-version" && !route.query?.includes(name)) {
      throw invalid(`The query parameter '${name}' is unknown here.`, name);
    }
  }
};

const bodyOf = (route: Route, call: Call): unknown => {
  if (route.body === undefined) {
    if (call.bodyBytes > 0) throw invalid("This request takes no body.");
    return undefined;
  }
  if (route.isBodyOptional && call.bodyBytes === 0) return undefined;
  const [type = ""] = (call.headers["content-type"] ?? "").split(";");
  if (type.trim().toLowerCase() !== route.body) {
    throw new ServiceError(415, "UnsupportedMediaType", `The content type must be ${route.body}.`);
  }
  if (route.body === "application/octet-stream") return undefined;
  try {
    return JSON.parse(call.body.toString("utf8")) as unknown;
  } catch {
    throw invalid("The body is no JSON.");
  }
};

/** Static parts are compared without regard to case, as Azure does. */
const matched = (template: string, path: string): Record<string, string> | null => {
  const pattern = template
    .replace(/[.()$]/g, "\\$&")
    .replace(/\{(\+?)(\w+)\}/g, (_, plus: string, name: string) =>
      plus === "" ? `(?<${name}>[^/:]+)` : `(?<${name}>.+)`,
    );
  const groups = new RegExp(`^${pattern}$`, "i").exec(path)?.groups;
  if (groups === undefined) return new RegExp(`^${pattern}$`, "i").test(path) ? {} : null;
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
};
