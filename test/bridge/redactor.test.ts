import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Redactor } from "../../bridge/redactor.ts";

const random = (bytes: number): string => randomBytes(bytes).toString("base64url");
const KEY = `canary-${random(24)}`;
const JWT = `${Buffer.from('{"typ":"JWT","alg":"RS256"}').toString("base64url")}.${random(900)}.${random(256)}`;

interface Making {
  readonly known: readonly string[];
  readonly space: string;
  readonly next: (below: number) => number;
  readonly depth: number;
}

/** JSON text with secrets as and in strings and keys, and numbers that a parser would write differently. */
const anyJson = (making: Making): string => {
  const { known, space, next, depth } = making;
  const numbers = ["12345678901234567890", "1.10", "-0", "1e5", "1E+2", "0.1000"];
  const text = (): string => {
    const secret = known[next(known.length)] ?? "";
    const around = ["", "x", 'say "', "\\", "ü\n", "plain text "];
    return JSON.stringify([around[next(6)], next(2) === 0 ? secret : "", around[next(6)]].join(""));
  };
  const items = (make: () => string): string => Array.from({ length: next(4) }, make).join(`${space},`);
  const inner = (): string => anyJson({ ...making, depth: depth - 1 });
  switch (depth === 0 ? next(3) : next(5)) {
    case 0:
      return numbers[next(numbers.length)] ?? "0";
    case 1:
      return text();
    case 2:
      return "null";
    case 3:
      return `{${items(() => `${space}${text()}${space}:${space}${inner()}`)}${space}}`;
    default:
      return `[${space}${items(inner)}]`;
  }
};

const STRING = /"(?:[^"\\]|\\.)*"/g;
const skeleton = (json: string): string => json.replace(STRING, '""');
const stringsIn = (json: string): readonly (readonly [text: string, isKey: boolean])[] =>
  Array.from(json.matchAll(STRING), (match) => [
    JSON.parse(match[0]) as string,
    /^\s*:/.test(json.slice(match.index + match[0].length)),
  ]);

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
  test("has the same structure and the same numbers to the digit, and no secret in any string", () => {
    const blank = fc.constantFrom("", " ", "\n ");
    const secrets = fc.uniqueArray(
      fc.oneof(fc.stringMatching(/^[a-z0-9"\\/ü]{6,14}$/), fc.stringMatching(/^[!-~]{15,60}$/)),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(secrets, blank, fc.infiniteStream(fc.nat()), (known, space, numbers) => {
        fc.pre(
          known.every(
            (secret) => !"[redacted]".includes(secret) && !/^(bearer|basic|token|apikey)\s|^-----/i.test(secret),
          ),
        );
        const next = (below: number): number => (numbers.next().value ?? 0) % below;
        const json = anyJson({ known, space, next, depth: 4 });
        const cleaned = knowing(...known).cleanJson(json);
        expect(skeleton(cleaned)).toBe(skeleton(json));
        for (const [text, isKey] of stringsIn(cleaned))
          for (const part of text.split("[redacted]"))
            for (const secret of known) if (!isKey || secret.length >= 20) expect(part).not.toContain(secret);
        if (!known.some((secret) => json.includes(secret.slice(0, 6)) || json.includes("\\")))
          expect(cleaned).toBe(json);
      }),
      { numRuns: 300 },
    );
  });

  test.each(["service", "response", "settings", "version", "content", "structuredContent", "timeout"])(
    "keeps the keys and words of the protocol when %j is a secret",
    (word) => {
      const redactor = knowing(word);
      for (const line of [
        '{"op":"hello","v":1,"version":"1.0","settings":{"source":"x","servers":{}}}',
        '{"end":7,"name":"a","ok":false,"reason":"timeout","serviceMs":1.10,"responseMs":12345678901234567890}',
        '{"content":[{"type":"text"}],"structuredContent":{"service":1,"version":{}}}',
      ]) {
        expect(redactor.cleanJson(line, new Set(["reason"]))).toBe(line);
      }
      expect(redactor.cleanJson(`{"detail":"the ${word}!"}`)).toBe('{"detail":"the [redacted]!"}');
    },
  );

  test("loses the values of an inner object that are named like a word of the protocol", () => {
    const line = '{"reason":"timeout","detail":{"reason":"timeout"},"list":[{"reason":"timeout"}]}';
    expect(knowing("timeout").cleanJson(line, new Set(["reason"]))).toBe(
      '{"reason":"timeout","detail":{"reason":"[redacted]"},"list":[{"reason":"[redacted]"}]}',
    );
  });

  test("loses a secret that JSON within JSON has escaped twice, or that was escaped without need", () => {
    const secret = 'a"b\\c"d/e';
    const redactor = knowing(secret);
    expect(redactor.cleanJson(JSON.stringify({ text: JSON.stringify({ said: secret }) }))).toBe(
      '{"text":"{\\"said\\":\\"[redacted]\\"}"}',
    );
    expect(knowing("abc/defg").cleanJson('{"n":1.10,"t":"<\\u0061bc\\/defg>"}')).toBe('{"n":1.10,"t":"<[redacted]>"}');
  });

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

  test("loses a secret that is nested more deeply than can be walked, and nothing else", () => {
    const nested = (text: string): string => `${"[".repeat(200_000)}"${text}"${"]".repeat(200_000)}`;
    expect(knowing(KEY).cleanJson(nested(KEY))).toBe(nested("[redacted]"));
  });
});

describe("pieces of a token", () => {
  const token = random(1_500);
  test.each([
    ["100 characters of it", token, 100],
    ["526 characters of its base64", Buffer.from(token).toString("base64"), 526],
  ])("are found anywhere when they are %s", (_what, form, length) => {
    const redactor = knowing(token);
    for (let at = 0; at + length <= form.length; at++)
      expect(redactor.clean(`<${form.slice(at, at + length)}>`)).toMatch(
        /^<[\w+/=-]{0,11}\[redacted\][\w+/=-]{0,11}>$/,
      );
  });
});

describe("what is remembered", () => {
  test("all of several hundred short secrets, also when they begin alike", () => {
    for (const length of [6, 8, 12, 14]) {
      const secrets = Array.from({ length: 300 }, (_, n) => `pw-${n}-${random(12)}`.slice(0, length));
      const redactor = knowing(...secrets);
      for (const secret of secrets) expect(redactor.clean(`key ${secret} end`)).toBe("key [redacted] end");
    }
  });

  test("all of several hundred keys of one issuer that are short enough for one look", () => {
    const keys = Array.from({ length: 60 }, () => `issuer-key-${random(12)}`.slice(0, 18));
    const redactor = knowing(...keys);
    for (let before = 0; before < 12; before++)
      for (const key of keys) expect(redactor.clean(`${"-".repeat(before)}<${key}>`)).not.toContain(key);
  });

  test("a secret that is told again and again, however many tokens come between", () => {
    const redactor = knowing(...Array.from({ length: 512 }, () => random(40)));
    for (let round = 0; round < 40; round++) {
      redactor.learn(KEY);
      for (let n = 0; n < 500; n++) redactor.learn(random(20));
      expect(redactor.clean(KEY)).toBe("[redacted]");
    }
  });

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
