import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Redactor } from "../../bridge/redactor.ts";

const random = (bytes: number): string => randomBytes(bytes).toString("base64url");
const KEY = `canary-${random(24)}`;
const JWT = `${Buffer.from('{"typ":"JWT","alg":"RS256"}').toString("base64url")}.${random(900)}.${random(256)}`;

const knowing = (...secrets: readonly string[]): Redactor => {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.learn(secret);
  return redactor;
};

describe("a text", () => {
  test("without a secret is the same text", () => {
    const text = "HTTP 500 the server is busy ".repeat(100);
    expect(knowing(KEY, JWT).clean(text)).toBe(text);
  });

  test.each([
    ["as it is", KEY],
    ["in base64", Buffer.from(KEY).toString("base64")],
    ["in base64url", Buffer.from(KEY).toString("base64url")],
    ["a JWT", JWT],
    ["a JWT's signature alone", JWT.split(".")[2] ?? ""],
    ["a JWT's claims alone", JWT.split(".")[1] ?? ""],
    ["a JWT in base64", Buffer.from(JWT).toString("base64")],
    ["the head of a JWT that was cut off", JWT.slice(0, 40)],
    ["the tail of a JWT", JWT.slice(-30)],
    // In base64 the last two bytes may stay: they depend on what follows.
  ])("loses a secret, %s, and nothing else", (_how, form) => {
    expect(knowing(KEY, JWT).clean(`before <${form}> behind <${form}>`)).toMatch(
      /^before <\[redacted\].{0,4}> behind <\[redacted\].{0,4}>$/,
    );
  });

  test.each([
    ["a password", KEY],
    ["a token of 1,500 characters", JWT],
  ])("loses %s that Basic has encoded, whatever user stands before it", (_what, secret) => {
    for (const user of ["", "a", "ab", "abc", "a-long-client-id"]) {
      const encoded = Buffer.from(`${user}:${secret}`).toString("base64");
      const cleaned = knowing(secret).clean(`authorization: Basic ${encoded}`);
      const left = cleaned.replace("authorization: Basic ", "").split("[redacted]");
      expect(left).toHaveLength(2);
      const decoded = left.map((part) => Buffer.from(part, "base64").toString("latin1")).join("");
      for (let at = 0; at + 6 <= secret.length; at++) expect(decoded).not.toContain(secret.slice(at, at + 6));
    }
  });

  test("loses a secret with characters that URLs and JSON write differently", () => {
    const secret = 'pa"ss/word+with blank&ü=\\';
    const redactor = knowing(secret);
    for (const form of [secret, encodeURIComponent(secret), `${new URLSearchParams([["", secret]])}`.slice(1)]) {
      expect(redactor.clean(`key=${form};`)).toBe("key=[redacted];");
    }
    expect(redactor.cleanJson(JSON.stringify({ said: `it is ${secret}!` }))).toBe('{"said":"it is [redacted]!"}');
  });

  test("loses the lines of a private key, also where its line ends were lost", () => {
    const lines = Array.from({ length: 12 }, () => random(48));
    const pem = ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""].join("\n");
    for (const written of [pem, pem.replaceAll("\n", " "), pem.replaceAll("\n", "\\n"), pem.replaceAll("\n", "")]) {
      const cleaned = knowing(pem).clean(`key: ${written}`);
      for (const line of lines) expect(cleaned).not.toContain(line.slice(0, 15));
      expect(cleaned).toContain("BEGIN PRIVATE KEY");
    }
  });

  test("loses the credential, and keeps the scheme that a header has before it", () => {
    expect(knowing("Bearer hunter2").clean("you sent Bearer hunter2 and hunter2")).toBe(
      "you sent Bearer [redacted] and [redacted]",
    );
  });

  test("keeps what only begins like a secret, and secrets that would be ordinary words", () => {
    expect(knowing(KEY, "true", "12345").clean(`canary- true 12345 ${KEY.slice(0, 14)}`)).toBe(
      `canary- true 12345 ${KEY.slice(0, 14)}`,
    );
  });

  test("loses a secret wherever it stands and whatever is around it", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 600 }).filter((text) => text.trim() === text && !/[\r\n]/.test(text)),
        fc.string({ maxLength: 60, unit: "binary" }),
        fc.string({ maxLength: 60, unit: "binary" }),
        (secret, before, behind) => {
          fc.pre(!/^(bearer|basic|token|apikey)\s|^-----/i.test(secret));
          expect(
            knowing(secret)
              .clean(before + secret + behind)
              .split("[redacted]")
              .join(""),
          ).not.toContain(secret);
        },
      ),
    );
  });
});

describe("a line of JSON", () => {
  test("stays JSON when a secret of digits is also a number in it", () => {
    const redactor = knowing("123456", "123456789012345678");
    const line = '{"end":123456,"n":123456789012345678,"text":"your PIN is 123456"}';
    expect(JSON.parse(redactor.cleanJson(line))).toEqual(
      JSON.parse(line.replace("PIN is 123456", "PIN is [redacted]")),
    );
  });

  test("loses secrets in keys and depths, and is otherwise the same", () => {
    const value = { a: [1, null, { [`x-${KEY}`]: [`Bearer ${KEY}`], b: "ü\n" }] };
    expect(JSON.parse(knowing(KEY).cleanJson(JSON.stringify(value)))).toEqual({
      a: [1, null, { "x-[redacted]": ["Bearer [redacted]"], b: "ü\n" }],
    });
  });

  test("loses a secret that is nested too deeply to be walked", () => {
    const depth = 200_000;
    const cleaned = knowing(KEY).cleanJson(`${"[".repeat(depth)}"${KEY}"${"]".repeat(depth)}`);
    expect(cleaned).not.toContain(KEY);
  });
});

describe("what is remembered", () => {
  test("the first secrets stay known however many tokens come later, and so do the newest two thousand", () => {
    const redactor = knowing(KEY);
    const tokens = Array.from({ length: 6_000 }, () => random(40));
    for (const token of tokens) redactor.learn(token);
    expect(redactor.clean(KEY)).toBe("[redacted]");
    for (const token of tokens.slice(-2_000)) expect(redactor.clean(`<${token}>`)).toBe("<[redacted]>");
    expect(redactor.clean(tokens[1_000] ?? "")).toBe(tokens[1_000]);
  });

  test("many tokens that begin alike are told apart", () => {
    const tokens = Array.from({ length: 300 }, () => `${JWT.slice(0, 300)}${random(300)}`);
    const redactor = knowing(...tokens);
    for (const token of tokens) expect(redactor.clean(`"${token}"`).replaceAll("[redacted]", "")).toBe('""');
  });
});
