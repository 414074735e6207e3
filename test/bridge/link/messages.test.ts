import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LinkError } from "../../../bridge/link/link-error.ts";
import { parseMessage, readMessage } from "../../../bridge/link/messages.ts";

const whyRefused = (line: unknown): unknown => {
  try {
    readMessage(line);
  } catch (error) {
    return (error as LinkError).detail.why;
  }
  return "taken";
};

const HELLO = { op: "hello", v: 1, project: "/p", process: { kind: "local", index: 0, pid: 1 }, versions: {} };

describe("link messages", () => {
  test("a hello tells of the load what Locust was given, and may say nothing", () => {
    expect(readMessage(HELLO)).toMatchObject({ load: {} });
    const load = { shape: "soak", users: 50, runTimeS: 90 };
    expect(readMessage({ ...HELLO, load })).toMatchObject({ load: { shape: "soak", users: 50, runTimeMs: 90_000 } });
  });

  test("a call has its defaults filled in", () => {
    expect(parseMessage('{"op":"call","id":1,"session":2,"method":"ping","at":5}')).toEqual({
      op: "call",
      id: 1,
      session: 2,
      at: 5,
      late: null,
      method: "ping",
      params: {},
      as: null,
      timeoutMs: null,
      body: null,
    });
  });

  test.each([
    [{ op: "call", id: 0, session: 1, method: "ping", at: 1 }, "field id"],
    [{ op: "call", id: 1.5, session: 1, method: "ping", at: 1 }, "field id"],
    [{ op: "call", id: 1, session: "1", method: "ping", at: 1 }, "field session"],
    [{ op: "call", id: 1, session: 1, method: "constructor", at: 1 }, "field method"],
    [{ op: "call", id: 1, session: 1, method: "ping", at: 1, params: [] }, "field params"],
    [{ op: "call", id: 1, session: 1, method: "ping", at: "now" }, "field at"],
    [{ op: "open", id: 1, session: 1, at: 1, server: 7 }, "field server"],
    [{ op: "start", id: 1, run: "../../etc" }, "field run"],
    [{ op: "start", id: 1, run: "a/b" }, "field run"],
    [{ op: "start", id: 1, run: "a", part: ".." }, "field part"],
    [{ op: "start", id: 1, run: "a", share: { index: 0, of: 0 } }, "field share"],
    [{ op: "stop", id: 1, reason: "x", tally: { "a:b": { sideways: 1 } } }, "field tally"],
    [{ op: "arrivals", server: "a", what: "b", lateMs: ["1"], dropped: 0 }, "field lateMs"],
    [{ op: "arrivals", server: "a", what: "b", lateMs: Array(10_001).fill(1), dropped: 0 }, "field lateMs"],
    [{ op: "arrivals", server: "a", what: "b", lateMs: [], dropped: 1e9 }, "field dropped"],
    [{ op: "arrivals", server: "a", what: "b", lateMs: [], dropped: -1 }, "field dropped"],
    [{ op: "turn", server: "a", turn: "b", at: 1, from: 1, to: "2" }, "field to"],
    [{ op: "turn", server: "a", turn: "b", at: 1, from: 1, to: 2, reason: "ok" }, "field reason"],
    [{ op: "turn", server: "a", turn: "b", at: 1, from: 1, to: 2, reason: "sideways" }, "field reason"],
    [{ op: "call", id: 1, session: 1, method: "ping", at: 1, burst: { id: 1, of: 1_001 } }, "field burst.of"],
    [{ op: "call", id: 1, session: 1, method: "ping", at: 1, burst: { id: 1, of: 0 } }, "field burst.of"],
    [{ op: "call", id: 1, session: 1, method: "ping", at: 1, burst: { of: 2 } }, "field burst.id"],
    [{ ...HELLO, load: { shape: 5 } }, "field load.shape"],
    [{ ...HELLO, load: { shape: "1s:1,".repeat(1000) } }, "field load.shape"],
    [{ ...HELLO, load: { users: "5" } }, "field load.users"],
    [{ ...HELLO, load: { runTimeS: null, users: Number.POSITIVE_INFINITY } }, "field load.users"],
    [{ ...HELLO, load: "soak" }, "field load"],
    [{ op: "toString" }, "unknown op"],
    [{ op: "__proto__" }, "unknown op"],
    [{}, "unknown op"],
    [[], "field line"],
    [null, "field line"],
  ])("%j is refused: %s", (line, why) => {
    expect(whyRefused(line)).toBe(why);
  });

  test("no input does anything but parse or end in a LinkError that quotes nothing", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (line) => {
        try {
          parseMessage(line);
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError);
          expect((error as LinkError).detail.why).toMatch(/^(not JSON|unknown op|field [A-Za-z.]+)$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
