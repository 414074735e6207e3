import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnswerScan, type ScannedMessage } from "../../../../bridge/transport/large/answer-scan.ts";
import { DEEPEST } from "../../../../bridge/transport/large/json-scanner.ts";
import { prunedMessages, withoutBinary } from "./pruned.ts";

const scanned = (bytes: Buffer, cuts: readonly number[] = [], wantsDigest = true): readonly ScannedMessage[] | null => {
  const scan = new AnswerScan({ wantsDigest });
  const edges = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [index, edge] of edges.slice(1).entries()) {
    const from = edges[index] ?? 0;
    // Memory of its own, and at any address: words must be found wherever the bytes lie.
    const shift = index % 4;
    const piece = Buffer.alloc(edge - from + shift);
    bytes.copy(piece, shift, from, edge);
    scan.feed(piece.subarray(shift));
  }
  return scan.end();
};

const only = (text: string): ScannedMessage => {
  const [message, ...others] = scanned(Buffer.from(text)) ?? [];
  expect(others).toEqual([]);
  return message as ScannedMessage;
};

/** `null` when JSON.parse does not take it. */
const parsed = (text: string): readonly unknown[] | null => {
  try {
    return prunedMessages(JSON.parse(text));
  } catch {
    return null;
  }
};

const answer = (result: string): string => `{"jsonrpc":"2.0","id":7,"result":${result}}`;

/** JSON as servers may write it: any order of keys, keys twice, escapes where none are needed, blanks anywhere. */
const KEYS = [
  "id",
  "jsonrpc",
  "result",
  "error",
  "isError",
  "content",
  "type",
  "text",
  "data",
  "code",
  "message",
  "__proto__",
];
const blank = fc.constantFrom("", "", " ", "\n\t", "\r\n");
const written = (value: string, isEscaped: boolean): string =>
  isEscaped
    ? `"${Array.from(value, (one) =>
        [...one]
          .flatMap((each) => Array.from({ length: each.length }, (_, at) => each.charCodeAt(at)))
          .map((code) => `\\u${code.toString(16).padStart(4, "0")}`)
          .join(""),
      ).join("")}"`
    : JSON.stringify(value);
const text = fc
  .tuple(fc.string({ unit: "binary", maxLength: 40 }), fc.boolean())
  .map(([value, is]) => written(value, is));
const key = fc
  .tuple(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 8 })), fc.boolean())
  .map(([value, is]) => written(value, is));
const scalar = fc.oneof(
  text,
  fc.constantFrom("true", "false", "null", "0", "-0", "1e5", "-12.5E-3", "7", "[]", "{}"),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
const { json } = fc.letrec<{ json: string; members: string; items: string }>((tie) => ({
  json: fc.oneof({ maxDepth: 6, withCrossShrink: true }, scalar, tie("members"), tie("items")),
  members: fc
    .array(fc.tuple(blank, key, blank, tie("json"), blank), { maxLength: 6 })
    .map((entries) => `{${entries.map(([a, name, b, value, c]) => `${a}${name}${b}:${c}${value}${a}`).join(",")}}`),
  items: fc
    .array(fc.tuple(blank, tie("json")), { maxLength: 5 })
    .map((entries) => `[${entries.map(([a, value]) => `${a}${value}${a}`).join(",")}]`),
}));
const message = fc
  .tuple(
    fc.shuffledSubarray(["id", "jsonrpc", "result", "error"]),
    fc.array(fc.tuple(key, json), { maxLength: 3 }),
    json,
    json,
  )
  .map(([keys, others, first, second]) => {
    const bodies: Record<string, string> = {
      id: "7",
      jsonrpc: '"2.0"',
      result: `{"content":[{"type":"text","text":${JSON.stringify("grüße 世界 🙂")},"more":${first}},${second}],"isError":true,"x":${second}}`,
      error: `{"code":-3,"message":"no","data":${first}}`,
    };
    return `{${[...keys.map((name) => `"${name}":${bodies[name]}`), ...others.map(([name, value]) => `${name}:${value}`)].join(",")}}`;
  });
const body = fc.oneof(
  json,
  message,
  fc.array(message, { maxLength: 3 }).map((all) => `[${all.join(",")}]`),
);
const cuts = fc.array(fc.nat(5_000), { maxLength: 12 });

describe("a scan", () => {
  test("finds what JSON.parse finds, however the bytes are cut", () => {
    fc.assert(
      fc.property(body, cuts, (one, where) => {
        const found = scanned(Buffer.from(one), where);
        expect(withoutBinary(found?.map(({ value }) => value) ?? null)).toEqual(withoutBinary(parsed(one)));
      }),
      { numRuns: 800 },
    );
  });

  test("takes what JSON.parse takes, and nothing else, of JSON with a fault in it", () => {
    const fault = fc.tuple(body, fc.nat(), fc.nat(3), fc.constantFrom(...'{}[],:"\\ -+.eE0tfnu\u0000\n\u001f9'));
    fc.assert(
      fc.property(fault, cuts, ([one, at, removed, added], where) => {
        const place = at % (one.length + 1);
        const spoilt = one.slice(0, place) + added + one.slice(place + removed);
        expect(scanned(Buffer.from(spoilt), where) === null).toBe(parsed(spoilt) === null);
      }),
      { numRuns: 1_500 },
    );
  });

  test("takes no text that is cut off", () => {
    const whole = Buffer.from(answer('{"content":[{"type":"text","text":"\\u00e9a"}],"n":[1.5e3,true,null]}'));
    for (let end = 0; end < whole.length; end++) expect(scanned(whole.subarray(0, end))).toBeNull();
    expect(scanned(whole)).not.toBeNull();
  });

  test("sees the result's own isError, and no other", () => {
    const hidden =
      '"structuredContent":{"isError":true},"content":[{"type":"text","text":"\\"isError\\":true","isError":true}]';
    expect(only(answer(`{${hidden}}`)).value).toMatchObject({ result: { structuredContent: {} } });
    expect(only(answer(`{${hidden}}`)).value).not.toHaveProperty("result.isError");
    expect(only(answer(`{${hidden},"is\\u0045rror":true}`)).value).toHaveProperty("result.isError", true);
  });

  test("counts what a key says last", () => {
    expect(only('{"id":1,"result":{"isError":true},"id":7,"result":{"isError":false}}').value).toEqual({
      id: 7,
      result: { isError: false },
    });
    expect(only('{"id":7,"result":{"a":1},"result":null}')).toEqual({ value: { id: 7, result: null }, digest: null });
  });

  test("keeps the beginning of a long text, cut between two characters", () => {
    for (const unit of ["x", "é", "世", "🙂", "\\n", "\\ud83d\\ude42"]) {
      const long = `a${unit.repeat(20_000)}`;
      const { value } = only(answer(`{"content":[{"type":"text","text":"${long}"}],"isError":true}`));
      const kept = (value as { result: { content: { text: string }[] } }).result.content[0]?.text ?? "";
      expect((JSON.parse(`"${long}"`) as string).startsWith(kept)).toBe(true);
      expect(kept.length).toBeGreaterThan(500);
      expect(kept.length).toBeLessThan(5_000);
    }
  });

  test("gives the hash of the result's bytes as they were sent, and what its first content is", () => {
    const result = '{ "content":[{"text":"gr\\u00fc\\u00dfe 世界","type":"text"}, {"type":"image"}] }';
    const bytes = Buffer.from(answer(result));
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(scanned(bytes, [cut])?.[0]?.digest).toEqual({
        sha256: createHash("sha256").update(result).digest("hex"),
        bytes: Buffer.byteLength(result),
        firstType: "text",
        firstBytes: Buffer.byteLength("gr\\u00fc\\u00dfe 世界"),
      });
    }
    expect(scanned(bytes, [], false)?.[0]?.digest).toBeNull();
  });

  test("gives each message of a batch the hash of its own result", () => {
    const results = ['{"a":1}', '{"b":[2]}'];
    const found = scanned(Buffer.from(`[${results.map((result) => answer(result)).join(",")}, 5]`));
    expect(found?.map(({ digest }) => digest?.sha256)).toEqual(
      results.map((result) => createHash("sha256").update(result).digest("hex")),
    );
  });

  test("does not grow with what is nested or batched without measure", () => {
    expect(scanned(Buffer.from(`${"[".repeat(DEEPEST)}${"]".repeat(DEEPEST)}`))).not.toBeNull();
    expect(scanned(Buffer.from(`${"[".repeat(DEEPEST + 1)}${"]".repeat(DEEPEST + 1)}`))).toBeNull();
    expect(scanned(Buffer.from(`[${'{"id":1},'.repeat(2_000)}{}]`))).toBeNull();
  });
});
