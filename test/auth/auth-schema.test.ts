import { describe, expect, test } from "vitest";
import { STRATEGIES } from "../../auth/strategies.ts";
import { load, refusal } from "../config/temporary-project.ts";

const messageFor = (auth: string): string =>
  refusal(() => load(`servers:\n  a:\n    url: https://a.example/mcp\n    auth: ${auth}\n`)).faults.join("\n");

const strategies = Object.keys(STRATEGIES).filter((name) => name !== "none");

describe("a strategy by its bare name", () => {
  test.each(strategies)("%s is answered with the keys that it needs", (name) => {
    expect(messageFor(name)).toMatch(
      new RegExp(`servers.a.auth: needs its keys: \\{ strategy: ${name}, \\w+: .+ \\}$`),
    );
    expect(messageFor(name)).not.toContain("...");
  });
});

describe("a name with a typo", () => {
  test.each(strategies)("of %s leads to that one, shown with its keys", (name) => {
    const meant = new RegExp(`did you mean \\{ strategy: ${name}, `);
    expect(messageFor(`${name}x`)).toMatch(meant);
    expect(messageFor(`{ strategy: ${name}x }`)).toMatch(meant);
  });

  test("of none leads to none", () => {
    expect(messageFor("nnoe")).toMatch(/did you mean none\?$/);
  });
});

test("a name that resembles none lists them all", () => {
  for (const name of strategies) expect(messageFor("magic")).toContain(name);
});
