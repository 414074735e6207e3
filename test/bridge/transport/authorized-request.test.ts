import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Credential } from "../../../auth/credential.ts";
import { Operation } from "../../../bridge/operation.ts";
import type { Repair } from "../../../bridge/transport/authorized-request.ts";
import type { ServerSettings } from "../../../config/settings.ts";
import { type Harness, harness, LIMITS } from "../mcp-harness.ts";
import {
  EVENTS_HEAD,
  event,
  http,
  json,
  type RawRequest,
  type RawServer,
  rawServer,
  textResult,
} from "../raw-server.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const INVALID = 'Bearer error="invalid_token"';
const SCOPE = 'Bearer error="insufficient_scope", scope="tools:call"';
const refusal = (): string => http(401, { "www-authenticate": INVALID }, "the token is too old");

/** What a request is about, in the words of the tests. */
const placeOf = ({ method, headers, rpc }: RawRequest): string => {
  if (method !== "POST") return headers["last-event-id"] === undefined ? method : "GET resume";
  return rpc.method ?? "response";
};

type Refuse = (place: string, request: RawRequest, socket: Socket) => string | null | undefined;

/**
 * A server of both eras. `refuse` answers first, and says undefined where the request is welcome. The tool `resumed` is
 * answered on a second stream; `asking` asks for the roots first.
 */
const guardedServer = async (
  refuse: Refuse,
  revision: "2025-11-25" | "2026-07-28" = "2025-11-25",
): Promise<RawServer> => {
  let answerAsked = (): void => undefined;
  const server = await rawServer((request, socket) => {
    const { method, rpc } = request;
    const place = placeOf(request);
    const refused = refuse(place, request, socket);
    if (refused !== undefined) return refused;
    if (method === "DELETE") return http(200, {});
    if (place === "GET resume") return `${EVENTS_HEAD}id: 2\n${event(textResult("call-1"))}`;
    if (method === "GET") return EVENTS_HEAD;
    if (place === "response") answerAsked();
    if (rpc.id === undefined || place === "response") return http(202, {});
    const answer = (result: object): string =>
      json({ jsonrpc: "2.0", id: rpc.id, result }, { "mcp-session-id": "s-1" });
    const capabilities = { tools: {} };
    if (place === "initialize") {
      return answer({ protocolVersion: revision, capabilities, serverInfo: { name: "raw", version: "0" } });
    }
    if (place === "server/discover") {
      if (revision === "2025-11-25") return http(400, {});
      return answer({ supportedVersions: [revision], capabilities, resultType: "complete" });
    }
    if (place === "tools/list") return answer(rpc.params?.cursor ? { tools: [] } : { tools: [], nextCursor: "2" });
    if (rpc.params?.name === "resumed") {
      setImmediate(() => socket.end());
      return `${EVENTS_HEAD}id: 1\nretry: 1\ndata:\n\n`;
    }
    if (rpc.params?.name === "asking") {
      answerAsked = () => socket.end(event(textResult(rpc.id)));
      return EVENTS_HEAD + event({ jsonrpc: "2.0", id: "q", method: "roots/list" });
    }
    return json(textResult(rpc.id));
  });
  open.push(server);
  return server;
};

/** Refuses the old token at one place. */
const at =
  (wanted: string): Refuse =>
  (place, { headers }) =>
    place === wanted && headers.authorization !== "Bearer new" ? refusal() : undefined;

/** `Bearer old`, until it is refused. */
const renewable = (renew: () => boolean | Promise<boolean> = () => true) => {
  let isNew = false;
  const rejected = vi.fn<Credential["rejected"]>(async () => {
    isNew = await renew();
    return isNew;
  });
  const accepted = vi.fn<Credential["accepted"]>();
  return { authorization: () => (isNew ? "Bearer new" : "Bearer old"), rejected, accepted };
};

const connected = (
  server: RawServer,
  credential: Partial<Credential>,
  { clock, ...over }: Partial<ServerSettings> & { readonly clock?: () => number } = {},
) => {
  const repairs: Repair[] = [];
  const mcp = harness(
    { url: server.url, protocol: "2025-11-25", answers: { roots: [], sampling: null, elicitation: null }, ...over },
    { credential, onRepair: (repair) => repairs.push(repair), ...(clock && { clock }) },
  );
  open.unshift(mcp);
  return { mcp, outcomes: () => repairs.map(({ outcome }) => outcome), repairs };
};

const sentAt = (server: RawServer, place: string) =>
  server.requests.filter((request) => placeOf(request) === place).map(({ headers }) => headers.authorization);

const TWICE = ["Bearer old", "Bearer new"];

describe("a request whose credential is refused is sent once more with the new one, and nobody sees the refusal", () => {
  const lifeOf = async (mcp: Harness, tool: string): Promise<void> => {
    expect(await mcp.open()).toMatchObject({ failure: null });
    expect(await mcp.tool(tool)).toMatchObject({ failure: null, result: { content: [{ text: "hello" }] } });
    expect(await mcp.session.close(mcp.operation())).toMatchObject({ failure: null });
  };

  test.each([
    ["initialize", {}, "echo"],
    ["notifications/initialized", {}, "echo"],
    ["tools/call", {}, "echo"],
    ["GET resume", {}, "resumed"],
    ["response", { answers: { roots: [{ uri: "file:///a" }], sampling: null, elicitation: null } }, "asking"],
    ["DELETE", {}, "echo"],
    ["server/discover", { protocol: "auto" }, "echo"],
  ] as const)("%s", async (place, over, tool) => {
    const server = await guardedServer(at(place));
    const credential = renewable();
    const { mcp, outcomes } = connected(server, credential, over);
    await lifeOf(mcp, tool);
    expect(sentAt(server, place)).toEqual(TWICE);
    expect(credential.rejected.mock.calls).toEqual([["Bearer old", INVALID]]);
    expect(credential.accepted.mock.calls).toEqual([["Bearer new"]]);
    expect(outcomes()).toEqual(["ok"]);
  });

  test("the GET stream", async () => {
    const server = await guardedServer(at("GET"));
    const { mcp, outcomes } = connected(server, renewable(), { getStream: true });
    await mcp.open();
    await expect.poll(outcomes).toEqual(["ok"]);
    expect(sentAt(server, "GET")).toEqual(TWICE);
  });

  test.each(["server/discover", "tools/call"])("%s in the stateless era", async (place) => {
    const server = await guardedServer(at(place), "2026-07-28");
    const { mcp, outcomes } = connected(server, renewable(), { protocol: "2026-07-28" });
    await lifeOf(mcp, "echo");
    expect(sentAt(server, place)).toEqual(TWICE);
    expect(outcomes()).toEqual(["ok"]);
  });

  test("on the connection that it came on", async () => {
    const server = await guardedServer(at("tools/call"));
    // A connection is free again one turn after its answer; no token comes faster.
    const { mcp } = connected(
      server,
      renewable(async () => {
        for (let turn = 0; turn < 2; turn++) await nextTurn();
        return true;
      }),
    );
    await mcp.open();
    await nextTurn();
    const before = server.opened();
    expect(await mcp.tool()).toMatchObject({ failure: null });
    expect(server.opened()).toBe(before);
  });

  test("with the cookie that the refusal brought", async () => {
    const server = await guardedServer((place, { headers }) =>
      place === "tools/call" && headers.authorization !== "Bearer new"
        ? http(401, { "set-cookie": "affinity=b" })
        : undefined,
    );
    const { mcp } = connected(server, renewable(), { cookies: true });
    await lifeOf(mcp, "echo");
    expect(server.requests.at(-2)?.headers.cookie).toBe("affinity=b");
  });
});

describe("it is not sent a third time, and the refusal is the answer", () => {
  const REFUSED = { reason: "http-401", code: 401, detail: `${INVALID} the token is too old` };

  test("when the new credential is refused as well", async () => {
    const server = await guardedServer((place) => (place === "tools/call" ? refusal() : undefined));
    const credential = renewable();
    const { mcp, outcomes } = connected(server, credential);
    await mcp.open();
    expect((await mcp.tool()).failure).toEqual(REFUSED);
    expect(sentAt(server, "tools/call")).toEqual(TWICE);
    expect(credential.accepted).not.toHaveBeenCalled();
    expect(outcomes()).toEqual(["http-401"]);
  });

  test("nor a second time, when there is no other credential", async () => {
    const server = await guardedServer(at("tools/call"));
    const { mcp, outcomes } = connected(
      server,
      renewable(() => false),
    );
    await mcp.open();
    expect((await mcp.tool()).failure).toEqual(REFUSED);
    expect(sentAt(server, "tools/call")).toEqual(["Bearer old"]);
    expect(outcomes()).toEqual(["http-401"]);
  });

  test("an answer that is no refusal of the credential counts, whatever it is", async () => {
    const server = await guardedServer((place, { headers }) => {
      if (place !== "tools/call") return undefined;
      return headers.authorization === "Bearer new" ? http(503, {}, "too busy") : refusal();
    });
    const credential = renewable();
    const { mcp, outcomes } = connected(server, credential);
    await mcp.open();
    expect((await mcp.tool()).failure).toMatchObject({ reason: "http-503", detail: "too busy" });
    expect(credential.accepted.mock.calls).toEqual([["Bearer new"]]);
    expect(outcomes()).toEqual(["ok"]);
  });

  test("a repeat that loses its connection is neither repaired nor refused", async () => {
    const server = await guardedServer((place, { headers }, socket) => {
      if (place !== "tools/call") return undefined;
      if (headers.authorization !== "Bearer new") return refusal();
      socket.destroy();
      return null;
    });
    const { mcp, outcomes } = connected(server, renewable());
    await mcp.open();
    expect((await mcp.tool()).failure).toMatchObject({ reason: "disconnected" });
    expect(outcomes()).toEqual(["disconnected"]);
  });

  test.each([
    ["cannot be had", () => Promise.reject(new Error("gone"))],
    ["fits into no header", () => "Bearer t\u00f6kn"],
  ])("a new credential that %s ends the operation as auth, and nothing was repeated", async (_what, next) => {
    const server = await guardedServer(at("tools/call"));
    let isGone = false;
    const { mcp, outcomes } = connected(server, {
      authorization: () => (isGone ? next() : "Bearer old"),
      rejected: () => {
        isGone = true;
        return true;
      },
    });
    await mcp.open();
    const operation = mcp.operation();
    const { failure } = await mcp.session.call(operation, "tools/call", { name: "echo" });
    expect(failure?.reason).toBe("auth");
    expect(operation).toMatchObject({ isRepeated: false, requests: 1 });
    expect(operation.bytesOut).toBeGreaterThan(0);
    expect(outcomes()).toEqual(["auth"]);
  });
});

describe("insufficient scope", () => {
  const lacking = (status: number): Refuse => {
    return (place) => (place === "tools/call" ? http(status, { "www-authenticate": SCOPE }) : undefined);
  };

  test.each([401, 403])("said with %i is a reason of its own, after one try with another token", async (status) => {
    const server = await guardedServer(lacking(status));
    const { mcp } = connected(server, renewable());
    await mcp.open();
    expect((await mcp.tool()).failure).toMatchObject({ reason: "insufficient-scope", code: status, detail: SCOPE });
    expect(sentAt(server, "tools/call")).toEqual(TWICE);
  });

  test("another 403 is not about the token, and asks for no other", async () => {
    const server = await guardedServer((place) => (place === "tools/call" ? http(403, {}, "no") : undefined));
    const credential = renewable();
    const { mcp, outcomes } = connected(server, credential);
    await mcp.open();
    expect((await mcp.tool()).failure?.reason).toBe("http-403");
    expect(credential.rejected).not.toHaveBeenCalled();
    expect(outcomes()).toEqual([]);
  });
});

describe("while it waits for the new credential", () => {
  /** A call that has been refused; `renew` brings the new credential. */
  const waiting = async (over: Partial<ServerSettings> = {}) => {
    const server = await guardedServer(at("tools/call"));
    const { promise, resolve: renew } = Promise.withResolvers<boolean>();
    const credential = renewable(() => promise);
    const all = connected(server, credential, over);
    await all.mcp.open();
    const operation = all.mcp.operation();
    const called = all.mcp.session.call(operation, "tools/call", { name: "echo" });
    await expect.poll(() => credential.rejected.mock.calls.length).toBe(1);
    const nothingMore = async (): Promise<void> => {
      renew(true);
      await expect.poll(all.outcomes).toEqual(["cancelled"]);
      expect(sentAt(server, "tools/call")).toEqual(["Bearer old"]);
      expect(sentAt(server, "notifications/cancelled")).toEqual([]);
    };
    return { ...all, server, operation, called, nothingMore };
  };

  test.each(["cancelled", "timeout"] as const)("%s ends it, and nothing is sent any more", async (reason) => {
    const { mcp, operation, called, nothingMore } = await waiting();
    mcp.session.abort(operation, reason);
    expect((await called).failure?.reason).toBe(reason);
    await nothingMore();
  });

  test("its own time limit ends it", async () => {
    const { called, nothingMore } = await waiting({ limits: { ...LIMITS, callMs: 200 } });
    expect((await called).failure?.reason).toBe("timeout");
    await nothingMore();
  });

  test("the close of the session ends it", async () => {
    const { mcp, called, nothingMore } = await waiting();
    await mcp.session.close(mcp.operation());
    expect((await called).failure?.reason).toBe("cancelled");
    await nothingMore();
  });

  test("a DELETE keeps its limit", async () => {
    const server = await guardedServer(at("DELETE"));
    const credential = renewable(() => new Promise(() => undefined));
    const { mcp } = connected(server, credential, { limits: { ...LIMITS, closeMs: 100 } });
    await mcp.open();
    expect(await mcp.session.close(mcp.operation())).toMatchObject({ failure: { reason: "timeout" }, wasSent: true });
  });
});

describe("the body of a refusal", () => {
  test("that does not end in 64 KiB is given up with its connection, and the call is repeated", async () => {
    const server = await guardedServer((place, { headers }) => {
      if (place !== "tools/call" || headers.authorization === "Bearer new") return undefined;
      return `HTTP/1.1 401 No\r\ncontent-length: 9999999\r\n\r\n${"x".repeat(70_000)}`;
    });
    const { mcp } = connected(server, renewable());
    await mcp.open();
    expect(await mcp.tool()).toMatchObject({ failure: null });
    await expect.poll(() => server.opened() - server.alive()).toBe(1);
  });

  test("that stands still is given up with its connection, and the call is repeated", async () => {
    const server = await guardedServer((place, { headers }) => {
      if (place !== "tools/call" || headers.authorization === "Bearer new") return undefined;
      return "HTTP/1.1 401 No\r\ncontent-length: 100\r\n\r\nhalf";
    });
    const { mcp, outcomes } = connected(server, renewable());
    await mcp.open();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const operation = mcp.operation();
      const called = mcp.session.call(operation, "tools/call", { name: "echo" });
      while (operation.firstEventMs === 0) await new Promise(setImmediate);
      vi.advanceTimersByTime(2_000);
      expect(await called).toMatchObject({ failure: null });
    } finally {
      vi.useRealTimers();
    }
    expect(outcomes()).toEqual(["ok"]);
  });

  test("that breaks off does not matter", async () => {
    const server = await guardedServer((place, { headers }, socket) => {
      if (place !== "tools/call" || headers.authorization === "Bearer new") return undefined;
      socket.end("HTTP/1.1 401 No\r\ncontent-length: 100\r\n\r\nhalf");
      return null;
    });
    const { mcp, outcomes } = connected(server, renewable());
    await mcp.open();
    expect(await mcp.tool()).toMatchObject({ failure: null });
    expect(outcomes()).toEqual(["ok"]);
  });

  test("is not waited for once the call is cancelled", async () => {
    const server = await guardedServer((place) =>
      place === "tools/call" ? "HTTP/1.1 401 No\r\ncontent-length: 100\r\n\r\nhalf" : undefined,
    );
    const { mcp, outcomes } = connected(server, renewable());
    await mcp.open();
    const operation = mcp.operation();
    const called = mcp.session.call(operation, "tools/call", { name: "echo" });
    await expect.poll(() => operation.firstEventMs).toBeGreaterThan(0);
    mcp.session.abort(operation, "cancelled");
    expect((await called).failure?.reason).toBe("cancelled");
    await expect.poll(outcomes).toEqual(["cancelled"]);
    await expect.poll(() => server.opened() - server.alive()).toBe(1);
  });
});

describe("with a clock that only the server and the issuer move", () => {
  const REFUSED_MS = 100;
  const RENEWAL_MS = 1_000;
  const ANSWER_MS = 7;

  const timed = async (refusedAt: (request: RawRequest) => boolean, isRenewed = true) => {
    let nowMs = 5;
    const server = await guardedServer((place, request) => {
      if (!place.startsWith("tools/") && place !== "response") return undefined;
      const isRefused = request.headers.authorization !== "Bearer new" && refusedAt(request);
      nowMs += isRefused ? REFUSED_MS : ANSWER_MS;
      return isRefused ? refusal() : undefined;
    });
    const credential = renewable(() => {
      nowMs += RENEWAL_MS;
      return isRenewed;
    });
    const { mcp, repairs } = connected(server, credential, { clock: () => nowMs });
    await mcp.open();
    return { mcp, repairs, operation: new Operation(99, nowMs) };
  };
  const durations = ({ intendedMs, heldMs, dispatchedMs, sentMs, headersMs, endMs }: Operation) => ({
    heldMs,
    serviceMs: endMs - sentMs,
    headersMs: headersMs - sentMs,
    responseMs: endMs - intendedMs - heldMs,
    beforeMs: dispatchedMs - intendedMs - heldMs,
  });

  test("the refused exchange and the waiting are held time, and nothing of them is the call's", async () => {
    const { mcp, operation, repairs } = await timed(() => true);
    const plain = new Operation(98, 0);
    await mcp.session.call(operation, "tools/call", { name: "echo" });
    await mcp.session.call(plain, "tools/call", { name: "echo" });
    expect(durations(operation)).toEqual({
      heldMs: REFUSED_MS + RENEWAL_MS,
      serviceMs: ANSWER_MS,
      headersMs: ANSWER_MS,
      responseMs: ANSWER_MS,
      beforeMs: 0,
    });
    expect(operation).toMatchObject({
      isRepeated: true,
      requests: 2,
      bytesIn: plain.bytesIn,
      bytesOut: plain.bytesOut,
    });
    expect(plain).toMatchObject({ isRepeated: false, requests: 1, heldMs: 0 });
    expect(repairs).toEqual([{ outcome: "ok", tookMs: REFUSED_MS + RENEWAL_MS }]);
  });

  test("a refusal that stands has its own time, without the waiting for a credential that did not come", async () => {
    const { mcp, operation } = await timed(() => true, false);
    await mcp.session.call(operation, "tools/call", { name: "echo" });
    expect(durations(operation)).toEqual({
      heldMs: RENEWAL_MS,
      serviceMs: REFUSED_MS,
      headersMs: REFUSED_MS,
      responseMs: REFUSED_MS,
      beforeMs: 0,
    });
    expect(operation).toMatchObject({ isRepeated: false, requests: 1, bytesIn: "the token is too old".length });
  });

  test("of a list whose second page was refused both pages count, and nothing between them", async () => {
    const { mcp, operation } = await timed(({ rpc }) => rpc.params?.cursor === "2");
    expect(await mcp.session.call(operation, "tools/list", {})).toMatchObject({ failure: null });
    expect(durations(operation)).toMatchObject({
      heldMs: REFUSED_MS + RENEWAL_MS,
      serviceMs: 2 * ANSWER_MS,
      headersMs: ANSWER_MS,
      responseMs: 2 * ANSWER_MS,
    });
    expect(operation).toMatchObject({ isRepeated: true, requests: 3 });
  });

  test("of a call whose server asked something all is the server's time, though the answer to it was refused", async () => {
    const { mcp, operation, repairs } = await timed((request) => placeOf(request) === "response");
    expect(await mcp.session.call(operation, "tools/call", { name: "asking" })).toMatchObject({ failure: null });
    expect(durations(operation)).toMatchObject({
      heldMs: 0,
      serviceMs: ANSWER_MS + REFUSED_MS + RENEWAL_MS + ANSWER_MS,
    });
    expect(operation).toMatchObject({ isRepeated: false, requests: 1 });
    // The answer to the server and the server's own answer come over two connections, in either order.
    await vi.waitFor(() => expect(repairs).toEqual([{ outcome: "ok", tookMs: REFUSED_MS + RENEWAL_MS }]));
  });

  test("a token that is fetched in the middle of a list is held time as well", async () => {
    let nowMs = 5;
    const server = await guardedServer((place) => {
      if (place.startsWith("tools/")) nowMs += ANSWER_MS;
      return undefined;
    });
    let isKnown = true;
    const authorization = (): string | Promise<string> => {
      if (isKnown) return "Bearer a";
      nowMs += RENEWAL_MS;
      return Promise.resolve("Bearer b");
    };
    const { mcp } = connected(server, { authorization }, { clock: () => nowMs });
    await mcp.open();
    const operation = new Operation(99, nowMs);
    const listing = mcp.session.call(operation, "tools/list", {});
    isKnown = false;
    expect(await listing).toMatchObject({ failure: null });
    expect(durations(operation).serviceMs).toBeGreaterThanOrEqual(2 * ANSWER_MS);
  });
});

test("a thousand users that are refused at one time cost one renewal", async () => {
  const USERS = 1_000;
  const server = await guardedServer((_place, { headers }) =>
    headers.authorization === "Bearer new" ? undefined : refusal(),
  );
  let renewals = 0;
  let token = "old";
  let renewal: Promise<boolean> | null = null;
  const renew = async (): Promise<boolean> => {
    renewals += 1;
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(USERS);
    token = "new";
    return true;
  };
  const credential: Partial<Credential> = {
    authorization: () => `Bearer ${token}`,
    rejected: (refused) => {
      if (refused !== `Bearer ${token}`) return true;
      renewal ??= renew();
      return renewal;
    },
  };
  const { mcp, outcomes } = connected(server, credential, { limits: { ...LIMITS, initializeMs: 30_000 } });
  const sessions = Array.from({ length: USERS }, () => mcp.newSession());
  const endings = await Promise.all(sessions.map((session) => session.open(mcp.operation())));
  expect(endings.filter(({ failure }) => failure !== null)).toEqual([]);
  expect(renewals).toBe(1);
  expect(outcomes()).toEqual(Array(USERS).fill("ok"));
  await Promise.all(sessions.map((session) => session.close(null)));
}, 30_000);
