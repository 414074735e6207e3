import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientsWith, credential, forgetMachine, refusal } from "./azure-harness.ts";

const SCOPE = "api://mcp/.default";
const bin = mkdtempSync(join(tmpdir(), "az-"));

beforeAll(() => {
  forgetMachine();
  process.env.PATH = bin;
});
afterAll(() => rmSync(bin, { recursive: true }));

/** @param does the body of the program that stands for `az` */
const az = (does: string): void => {
  const path = join(bin, "az");
  writeFileSync(path, `#!${process.execPath}\n${does}`);
  chmodSync(path, 0o755);
};
const ask = () => clientsWith().azure.token(credential({ use: "azure-cli" }), SCOPE);

describe.skipIf(process.platform === "win32")("az", () => {
  test("that is logged in brings a token, its life by this machine's clock and said to be so", async () => {
    az(`console.log(JSON.stringify({ accessToken: process.argv.includes("api://mcp") ? "from-az" : "wrong",
      expires_on: Math.floor(Date.now() / 1000) + 3000, expiresOn: "2030-01-01 00:00:00.000000", tokenType: "Bearer" }))`);
    const { value, livesMs, isGuess } = await ask();
    expect([value, isGuess]).toEqual(["from-az", true]);
    expect(livesMs).toBeGreaterThan(2_900_000);
    expect(livesMs).toBeLessThanOrEqual(3_000_000);
  });

  test("that is not logged in says what to run, and nothing of its own text", async () => {
    az(`console.error("ERROR: Please run 'az login' to setup account hunter2."); process.exitCode = 1;`);
    const error = await refusal(ask());
    expect(error.sentence).toBe("this machine has no login that Azure knows (tried azure-cli; run: az login)");
  });

  test("that talks nonsense is no token", async () => {
    az(`console.log("hunter2");`);
    const error = await refusal(ask());
    expect(error.code).toMatch(/^AUTH_/);
    expect(error.sentence).not.toContain("hunter2");
  });
});
