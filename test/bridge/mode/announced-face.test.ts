import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { announceFace, parsePort } from "../../../bridge/mode/announced-face.ts";
import { Redactor } from "../../../bridge/redactor.ts";
import { idleBridge } from "../face/idle-bridge.ts";

const bridge = idleBridge();

const announcing = (token?: string) => ({
  carriesOut: false,
  redactor: new Redactor(),
  environment: (name: string) => (name === "SWARMBRIDGE_HTTP_TOKEN" ? token : undefined),
});

let results = "";
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), "face-test-"));
  vi.stubEnv("SWARMBRIDGE_RESULTS", results);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(results, { recursive: true, force: true });
});

describe("announceFace", () => {
  test("writes address and token where only this user can read them, and takes the file away", async () => {
    const face = await announceFace(bridge, 0, announcing());
    expect(statSync(face.file).mode & 0o777).toBe(0o600);
    const { url, token } = JSON.parse(readFileSync(face.file, "utf8"));
    expect(url).toBe(face.url);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect((await fetch(`${url}/sessions`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    await face.close();
    expect(existsSync(face.file)).toBe(false);
    await expect(fetch(url)).rejects.toThrow();
  });

  test("takes the token that the environment gives", async () => {
    const face = await announceFace(bridge, 0, announcing("given-by-hand"));
    const headers = { authorization: "Bearer given-by-hand" };
    expect((await fetch(`${face.url}/sessions`, { headers })).status).toBe(200);
    await face.close();
  });

  test("does not write through a link that somebody laid", async () => {
    const elsewhere = join(results, "elsewhere");
    writeFileSync(elsewhere, "mine");
    symlinkSync(elsewhere, join(results, `face-${process.pid}.json`));
    const face = await announceFace(bridge, 0, announcing());
    await face.close();
    expect(readFileSync(elsewhere, "utf8")).toBe("mine");
  });

  test("a folder that cannot be had is one sentence, exit code 3, and no listener stays", async () => {
    writeFileSync(join(results, "file"), "");
    vi.stubEnv("SWARMBRIDGE_RESULTS", join(results, "file"));
    await expect(announceFace(bridge, 0, announcing())).rejects.toMatchObject({
      code: "FACE_FILE",
      exitCode: 3,
    });
  });
});

test.each(["", "-1", "65536", "1e3", "80 ", "http", "123456"])("%j is no port", (text) => {
  expect(() => parsePort(text)).toThrow(/is no port/);
});
test("0 and 65535 are ports", () => {
  expect([parsePort("0"), parsePort("65535")]).toEqual([0, 65535]);
});
