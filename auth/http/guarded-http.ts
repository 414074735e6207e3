/**
 * The one place of this room that talks HTTP, apart from Azure's own clients. It goes where the question's trust
 * allows, shows a client certificate to the server that it is for and to nobody else, sends no cookie, uses no proxy,
 * follows no redirect, and ends in time, whatever comes back.
 */

import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { Agent, type Dispatcher, request } from "undici";
import { errorCode } from "../../config/environment.ts";
import type { TargetClass } from "../../config/target-class.ts";
import { AuthError } from "../auth-error.ts";
import { addressRefusal } from "./address-rule.ts";
import { allowedUrl, placeOf } from "./allowed-url.ts";
import type { HttpAnswer, HttpQuestion } from "./http-question.ts";
import { tlsOfServer, trustingBeside } from "./trust-store.ts";

const LIMIT_MS = 10_000;
const LARGEST_BODY_BYTES = 256 * 1024;
const LARGEST_HEADER_BYTES = 32 * 1024;

/** `dns.lookup`, asked for all addresses of a name. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * @param resolve looks names up; for tests
 * @throws {AuthError} AUTH_UNTRUSTED for a place that the trust does not reach, AUTH_UNREACHABLE when there was no
 * answer (`why`: the system's or the library's code, `timeout`), AUTH_INVALID for an answer that is too large,
 * AUTH_UNREADABLE for a file of `tls`
 */
export const guardedHttp = async (question: HttpQuestion, resolve: Resolve = lookup): Promise<HttpAnswer> => {
  const { url, isServers, addressesAsSeenFrom } = allowedUrl(question);
  const place = placeOf(url);
  const { tls } = question.server;
  const limitMs = question.limitMs ?? LIMIT_MS;
  const agent = new Agent({
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: LARGEST_HEADER_BYTES,
    connect: {
      timeout: limitMs,
      ...(addressesAsSeenFrom === null ? {} : { lookup: guardedLookup(addressesAsSeenFrom, place, resolve) }),
      ...(isServers ? tlsOfServer(tls) : trustingBeside(tls.ca)),
    },
  });
  const limit = timeLimit(limitMs, place);
  const answer = exchange(agent, url, question);
  // When the limit comes first, the agent's end below makes this fail too, and nobody waits for it any more.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, limit.passed]);
  } catch (cause) {
    if (cause instanceof AuthError) throw cause;
    // What the look-up refused comes back as undici passes it on.
    throw new AuthError("AUTH_UNREACHABLE", { place, why: errorCode(cause) }, { cause });
  } finally {
    limit.cancel();
    void agent.destroy();
  }
};

/** A limit of its own beside undici's: an abort does not end a look-up or a handshake that hangs. */
const timeLimit = (ms: number, place: string): { passed: Promise<never>; cancel: () => void } => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new AuthError("AUTH_UNREACHABLE", { place, why: "timeout" })), ms);
  return { passed: promise, cancel: () => clearTimeout(timer) };
};

const exchange = async (dispatcher: Agent, url: URL, question: HttpQuestion): Promise<HttpAnswer> => {
  const { statusCode, headers, body } = await request(url, {
    dispatcher,
    method: question.method,
    headers: { ...question.headers, "accept-encoding": "identity" },
    body: question.body ?? null,
  });
  return {
    status: statusCode,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
    ),
    body: question.headersOnly === true ? "" : await readBody(body, question, placeOf(url)),
  };
};

const readBody = async (
  body: Dispatcher.ResponseData["body"],
  { mostBytes = LARGEST_BODY_BYTES, until = () => false }: HttpQuestion,
  place: string,
): Promise<string> => {
  const decoder = new StringDecoder("utf8");
  const pieces: string[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new AuthError("AUTH_INVALID", {
        place,
        why: `its answer is larger than ${Math.round(mostBytes / 1024)} KiB`,
      });
    }
    const piece = decoder.write(chunk);
    pieces.push(piece);
    if (until(piece)) return pieces.join("");
  }
  return pieces.join("") + decoder.end();
};

/** One bad address among several is enough to refuse: which of them is connected to is not ours to choose. */
const guardedLookup =
  (seenFrom: TargetClass, place: string, resolve: Resolve): LookupFunction =>
  (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        done(error ?? Object.assign(new Error("no address"), { code: "ENOTFOUND" }), "", 0);
        return;
      }
      for (const { address } of addresses) {
        const why = addressRefusal(address, seenFrom);
        if (why !== null) {
          done(new AuthError("AUTH_UNTRUSTED", { place, why }), "", 0);
          return;
        }
      }
      if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
