import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { KeptResults } from "../../../bridge/kept-results.ts";
import { type Ending, Operation } from "../../../bridge/operation.ts";
import type { Results } from "../../../config/settings.ts";
import { type Harness, harness } from "../mcp-harness.ts";
import { EVENTS_HEAD, event, faultyAt, http, json, type RawServer, textResult } from "../raw-server.ts";
import { statelessServer } from "../sdk-servers.ts";

/** Answers of more than 1 MB, whose results are kept, hashed or dropped: judged alike. */

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const FORMS = {
  json: (message: unknown) => json(message),
  // Data over several lines, as large ones may be sent; JSON may break where a value ends.
  events: (message: unknown) =>
    `${EVENTS_HEAD}: first a comment\n\n${event({ jsonrpc: "2.0", method: "notifications/message", params: {} })}data: ${JSON.stringify(message).replaceAll(',"', ',\ndata: "')}\n\n`,
} as const;
const MODES = ["kept", "hashed", "dropped"] as const satisfies readonly Results[];
const CASES = Object.keys(FORMS).flatMap((form) => MODES.map((mode) => [form as keyof typeof FORMS, mode] as const));

const LONG = "a long text ".repeat(150_000);

const calling = async (
  form: keyof typeof FORMS,
  message: (id: unknown) => unknown,
  over: { readonly kept?: KeptResults; readonly maxAnswerBytes?: number } = {},
): Promise<{ mcp: Harness; server: RawServer }> => {
  const { kept, ...settings } = over;
  const server = await faultyAt("tools/call", ({ rpc }, socket) => {
    const said = FORMS[form](message(rpc.id));
    if (form === "json") return said;
    socket.end(said);
    return null;
  });
  const mcp = harness({ url: server.url, protocol: "2025-11-25", ...settings }, kept === undefined ? {} : { kept });
  open.push(mcp, server);
  await mcp.open();
  return { mcp, server };
};

const call = async (mcp: Harness, results: Results): Promise<{ ending: Ending; operation: Operation }> => {
  const operation = new Operation(1, performance.now());
  operation.results = results;
  return { operation, ending: await mcp.session.call(operation, "tools/call", { name: "large" }) };
};

describe.each(CASES)("a large answer as %s whose result is %s", (form, mode) => {
  test("is a success, with all its bytes and its times", async () => {
    const { mcp } = await calling(form, (id) => textResult(id, LONG));
    const { ending, operation } = await call(mcp, mode);
    expect(ending.failure).toBeNull();
    expect(operation.bytesIn).toBeGreaterThan(LONG.length);
    expect(operation.firstEventMs).toBeGreaterThan(0);
    expect(operation.endMs).toBeGreaterThanOrEqual(operation.firstEventMs);
    const { content } = ending.result as { content: { text: string }[] };
    expect(content[0]?.text.length ?? 0).toSatisfy((length: number) =>
      mode === "kept" ? length === LONG.length : length < 5_000,
    );
  });

  test("is a tool's error when it says so, with the beginning of its text, and never because of a text", async () => {
    const failed = await calling(form, (id) => ({
      jsonrpc: "2.0",
      result: { content: [{ text: `no more disk${LONG}`, type: "text" }], isError: true },
      id,
    }));
    const { failure } = (await call(failed.mcp, mode)).ending;
    expect(failure).toMatchObject({ reason: "tool-error", detail: expect.stringMatching(/^no more disk/) });
    const inside = await calling(form, (id) => ({
      jsonrpc: "2.0",
      id,
      result: { content: [{ type: "text", text: `{"isError":true}${LONG}` }], structuredContent: { isError: true } },
    }));
    expect((await call(inside.mcp, mode)).ending.failure).toBeNull();
  });

  test("is the server's error when it is one", async () => {
    const error = { code: -32_603, message: "broken", data: LONG };
    const { mcp } = await calling(form, (id) => ({ jsonrpc: "2.0", id, error }));
    expect((await call(mcp, mode)).ending.failure).toMatchObject({ reason: "json-rpc-error", code: -32_603 });
  });

  test.each([
    ["another shape", (id: unknown) => ({ jsonrpc: "2.0", id, result: { content: "text", more: LONG } })],
    [
      "an isError that is no boolean",
      (id: unknown) => ({ jsonrpc: "2.0", id, result: { content: [], isError: "no", more: LONG } }),
    ],
    [
      "a block without its text",
      (id: unknown) => ({ jsonrpc: "2.0", id, result: { content: [{ type: "text" }], more: LONG } }),
    ],
    ["no result and no error", (id: unknown) => ({ jsonrpc: "2.0", id, more: LONG })],
    ["another version", (id: unknown) => ({ id, result: { content: [] }, more: LONG })],
  ])("is not MCP with %s", async (_what, message) => {
    const { mcp } = await calling(form, message);
    expect((await call(mcp, mode)).ending.failure?.reason).toBe("protocol");
  });

  test("is too large above the limit", async () => {
    const { mcp } = await calling(form, (id) => textResult(id, LONG), { maxAnswerBytes: 1_500_000 });
    expect((await call(mcp, mode)).ending.failure?.reason).toBe("too-large");
  });
});

describe.each(["hashed", "dropped"] as const)("a large body whose result is %s", (mode) => {
  test.each([
    ["is cut off", (body: string) => body.slice(0, -1)],
    ["has something behind it", (body: string) => `${body}}`],
    ["has a fault in its middle", (body: string) => body.replace("long text a long", 'long" text a long')],
  ])("that %s is not JSON", async (_what, spoil) => {
    const server = await faultyAt("tools/call", ({ rpc }) =>
      http(200, { "content-type": "application/json" }, spoil(JSON.stringify(textResult(rpc.id, LONG)))),
    );
    const mcp = harness({ url: server.url, protocol: "2025-11-25" });
    open.push(mcp, server);
    await mcp.open();
    expect((await call(mcp, mode)).ending.failure).toEqual({ reason: "protocol", detail: "the body is not JSON" });
  });
});

describe("in the stateless era", () => {
  test.each(MODES)("a large answer of the official SDK whose result is %s is a success", async (mode) => {
    const server = await statelessServer();
    const mcp = harness({ url: server.url, protocol: "2026-07-28" });
    open.push(mcp, server);
    await mcp.open();
    const operation = mcp.operation();
    operation.results = mode;
    const params = { name: "echo", arguments: { text: LONG } };
    expect(await mcp.session.call(operation, "tools/call", params)).toMatchObject({ failure: null });
    expect(operation.digest?.firstBytes).toBe(mode === "hashed" ? LONG.length : undefined);
  });
});

describe("the hash", () => {
  test.each(["json", "events"] as const)("is that of the result as it was sent as %s, large or small", async (form) => {
    for (const text of ["small", LONG]) {
      const { mcp } = await calling(form, (id) => textResult(id, text));
      const { operation } = await call(mcp, "hashed");
      const result = JSON.stringify({ content: [{ type: "text", text }] });
      // A line end that was sent within the event is part of the result.
      const sent = form === "json" ? result : result.replaceAll(',"', ',\n"');
      expect(operation.digest).toEqual({
        sha256: createHash("sha256").update(sent).digest("hex"),
        bytes: sent.length,
        firstType: "text",
        firstBytes: text.length,
      });
    }
  });
});

describe("results that are kept", () => {
  const ROOM = 3_000_000;

  test("share one room, and what does not find any in it fails with its reason", async () => {
    const kept = new KeptResults(ROOM);
    const { mcp } = await calling("json", (id) => textResult(id, LONG), { kept });
    const [first, second, third] = await Promise.all([call(mcp, "kept"), call(mcp, "kept"), call(mcp, "dropped")]);
    const reasons = [first, second].map(({ ending }) => ending.failure?.reason ?? "ok").sort();
    expect(reasons).toEqual(["ok", "too-large"]);
    expect([first, second].find(({ ending }) => ending.failure !== null)?.ending.failure?.detail).toMatch(
      /hashed or dropped/,
    );
    expect(third.ending.failure).toBeNull();
    for (const { operation } of [first, second, third]) kept.release(operation);
    expect((await call(mcp, "kept")).ending.failure).toBeNull();
  });

  test("find no room while Python has not taken those before", async () => {
    const kept = new KeptResults(ROOM);
    kept.waiting = () => 2_000_000;
    const { mcp } = await calling("events", (id) => textResult(id, LONG), { kept });
    expect((await call(mcp, "kept")).ending.failure?.reason).toBe("too-large");
    kept.waiting = () => 0;
    expect((await call(mcp, "kept")).ending.failure).toBeNull();
  });

  test("may be larger than the room, one at a time", async () => {
    const { mcp } = await calling("json", (id) => textResult(id, LONG), { kept: new KeptResults(1) });
    expect((await call(mcp, "kept")).ending.failure).toBeNull();
  });

  /** Three bytes of text, and tens of bytes in memory, each. */
  const manyLists = (id: unknown, count: number) => ({
    jsonrpc: "2.0",
    id,
    result: { content: [], structuredContent: { lists: Array(count).fill([]) } },
  });

  test.each(["json", "events"] as const)(
    "are too large as %s when their values would fill the memory",
    async (form) => {
      const { mcp } = await calling(form, (id) => manyLists(id, 3_000_000));
      expect((await call(mcp, "kept")).ending.failure).toMatchObject({
        reason: "too-large",
        detail: expect.stringMatching(/many small values/),
      });
      expect((await call(mcp, "dropped")).ending.failure).toBeNull();
    },
  );

  test("take room for what they become in memory", async () => {
    const kept = new KeptResults(20_000_000);
    const { mcp } = await calling("json", (id) => manyLists(id, 400_000), { kept });
    const { operation, ending } = await call(mcp, "kept");
    expect(ending.failure).toBeNull();
    expect(operation.bytesIn).toBeLessThan(2_000_000);
    expect((await call(mcp, "kept")).ending.failure?.reason).toBe("too-large");
  });
});
