import { expect, test } from "vitest";
import { Canary, Marked } from "../../bridge/canary.ts";

const marksIn = (value: unknown): string[] => JSON.stringify(value).match(/sbmark[0-9a-z]{22}/g) ?? [];

const call = (canary: Canary, session: number) => {
  const { params, marked } = canary.mark(session, { name: "search", arguments: { query: "words" } }, "query");
  return { params, marked, mark: marksIn(params)[0] ?? "" };
};

const judged = (canary: Canary, marked: Marked, answer: string) => {
  marked.see(answer);
  return canary.judge(marked);
};

test("a mark is added to the argument that was named, where it is a text", () => {
  const canary = new Canary();
  expect(call(canary, 1).params).toEqual({
    name: "search",
    arguments: { query: expect.stringMatching(/^words sbmark[0-9a-z]{22}$/) },
  });
  for (const params of [
    { name: "x" },
    { arguments: { other: "a" } },
    { arguments: { query: 5 } },
    { arguments: null },
  ]) {
    const { params: sent, marked } = canary.mark(1, params, "query");
    expect(sent).toBe(params);
    expect(marked.call).toBeNull();
  }
});

test("a placeholder is replaced wherever it stands, and by one mark", () => {
  const params = { uri: "docs://{canary}", arguments: { list: ["a {canary} b", 7], query: "{canary}" } };
  const { params: sent } = new Canary().mark(1, params, "query");
  expect(new Set(marksIn(sent)).size).toBe(1);
  expect(marksIn(sent)).toHaveLength(3);
  expect(JSON.stringify(sent)).not.toContain("{canary}");
  expect(params.uri).toBe("docs://{canary}");
});

test("every call has a mark of its own", () => {
  const canary = new Canary();
  expect(call(canary, 1).mark).not.toBe(call(canary, 1).mark);
});

test.each([
  ["as it was", (mark: string) => `found: ${mark}.`],
  ["in capitals", (mark: string) => mark.toUpperCase()],
  ["in a URL", (mark: string) => `https://x.example/?q=words%20${mark}&n=1`],
  ["in JSON in JSON", (mark: string) => JSON.stringify(JSON.stringify({ q: `"${mark}"\n` }))],
  ["twice", (mark: string) => mark + mark],
])("its own mark is found %s, and nobody else's", (_how, answer) => {
  const canary = new Canary();
  const { marked, mark } = call(canary, 3);
  expect(judged(canary, marked, answer(mark))).toEqual({ isOwn: true, isOfSession: false, isSwapped: false });
});

test("an answer without any mark says nothing", () => {
  const canary = new Canary();
  expect(judged(canary, call(canary, 3).marked, "sbmark found nothing")).toEqual({
    isOwn: false,
    isOfSession: false,
    isSwapped: false,
  });
});

test("another session's mark is foreign, whatever else is there", () => {
  const canary = new Canary();
  const theirs = call(canary, 4);
  const { marked, mark } = call(canary, 3);
  expect(judged(canary, marked, `${mark} ${theirs.mark}`)).toMatchObject({ isOwn: true, foreign: { session: 4 } });
});

test("a mark of another process or an earlier run is foreign too", () => {
  const canary = new Canary();
  const { mark } = call(new Canary(), 3);
  expect(judged(canary, call(canary, 3).marked, mark)).toMatchObject({ foreign: { session: null } });
});

test("a history of the own session is no fault; a later call's mark instead of the own is a swap", () => {
  const canary = new Canary();
  const [first, second] = [call(canary, 3), call(canary, 3)];
  expect(judged(canary, second.marked, first.mark)).toMatchObject({ isOfSession: true, isSwapped: false });
  expect(judged(canary, first.marked, second.mark)).toMatchObject({ isOfSession: true, isSwapped: true });
  expect(judged(canary, first.marked, first.mark)).toMatchObject({ isOfSession: true, isSwapped: false });
});

test("a call without a mark may still get another session's", () => {
  const canary = new Canary();
  const { marked } = canary.mark(3, { name: "list" }, true);
  expect(judged(canary, marked, call(canary, 5).mark)).toMatchObject({ foreign: { session: 5 } });
});

test("a mark that is cut by two pieces of a large answer is found", () => {
  const canary = new Canary();
  const { mark } = call(canary, 4);
  const whole = Buffer.from(`{"text":"é ${mark} é"}`);
  for (let at = 1; at < whole.length; at++) {
    const marked = new Marked(3, null);
    marked.feed(whole.subarray(0, at));
    marked.feed(whole.subarray(at));
    expect([...marked.found]).toEqual([mark]);
  }
});

test("an answer of a million marks is looked through with bounded memory", () => {
  const marked = new Marked(3, null);
  for (let at = 0; at < 20_000; at++) marked.see(`sbmark${String(at).padStart(22, "0")}`);
  expect(marked.found.size).toBeLessThanOrEqual(1_000);
});

test("a value without its bytes is looked through as deep as a text goes", () => {
  const canary = new Canary();
  const { mark } = call(canary, 2);
  const marked = new Marked(3, null);
  marked.seeValue({ code: -32_000, message: "x".repeat(9_000), data: { rows: [mark] } });
  expect(canary.judge(marked).foreign).toEqual({ session: 2 });
  const deep = JSON.parse("[".repeat(100_000) + "]".repeat(100_000)) as unknown;
  expect(() => marked.seeValue(deep)).not.toThrow();
  expect(() => marked.seeValue(undefined)).not.toThrow();
});
