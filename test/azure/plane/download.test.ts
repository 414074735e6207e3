import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type DownloadOptions, download, downloadContainer } from "../../../azure/plane/download.ts";
import { type Answer, answered, azureError, cut, fakeService, handClock, silent, trustFakes } from "./plane-harness.ts";

beforeAll(trustFakes);
const root = mkdtempSync(join(tmpdir(), "download-"));
afterAll(() => rmSync(root, { recursive: true }));
const newFolder = (): string => join(mkdtempSync(join(root, "in-")), "made");

// Read when the libraries are loaded: all of this file runs with all of their log.
vi.hoisted(() => {
  process.env.AZURE_LOG_LEVEL = "verbose";
});
const logged: string[] = [];
beforeEach(() => {
  logged.length = 0;
  vi.spyOn(process.stderr, "write").mockImplementation((text) => logged.push(String(text)) > 0);
});
afterEach(() => expect(logged.join("")).not.toMatch(/SECRET|sig=VERY/));

const CONTENT = Buffer.alloc(300_000, "abc");
const SAS = "sv=2025-01-05&se=2026-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=VERY%2FSECRET%2FSIGNATURE%3D";
const whole: Answer = (response) => response.writeHead(200, { "content-length": CONTENT.length }).end(CONTENT);
/** Says how long it will be, and ends in the middle. */
const half: Answer = (response) => {
  response.writeHead(200, { "content-length": CONTENT.length });
  response.write(CONTENT.subarray(0, CONTENT.length / 2), () => response.destroy());
};
const refusal = (status: number, code: string): Answer =>
  answered(status, `<Error><Code>${code}</Code><Message>sig=VERY</Message></Error>`, { "x-ms-error-code": code });

const options = (own: Partial<DownloadOptions> = {}) => {
  const clock = handClock();
  return { mostBytes: 1_000_000, clock, limits: { stallMs: 10_000, transferMs: 30_000 }, ...own };
};

const downloading = async (answers: readonly Answer[], own: Partial<DownloadOptions> = {}) => {
  const service = await fakeService(answers);
  const folder = newFolder();
  const path = join(folder, "results.zip");
  const result = download(`${service.origin}/c/results.zip?${SAS}`, path, options(own));
  // Nobody may be left with half a file, whatever came of it.
  const left = () => (existsSync(folder) ? readdirSync(folder) : []);
  return { result, path, left, asked: service.asked };
};

describe("a download", () => {
  test("is the whole file, readable for this user alone, asked for with the link alone", async () => {
    const progress: (readonly [number, number | null])[] = [];
    const { result, path, left, asked } = await downloading([whole], {
      onBytes: (bytes, ofBytes) => progress.push([bytes, ofBytes]),
    });
    await result;
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(left()).toEqual(["results.zip"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(progress.at(-1)).toEqual([CONTENT.length, CONTENT.length]);
    expect(asked[0]?.url.search).toBe(`?${SAS}`);
    expect(asked[0]?.headers.authorization).toBeUndefined();
    expect(asked[0]?.headers["accept-encoding"]).toBeUndefined();
  });

  test("that is cut begins again and is whole", async () => {
    const { result, path, asked } = await downloading([half, cut, refusal(503, "ServerBusy"), whole]);
    await result;
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(asked).toHaveLength(4);
  });

  test("that is cut again and again is unreachable, and leaves nothing", async () => {
    const { result, left } = await downloading([half]);
    const { code, detail } = await azureError(result);
    expect([code, detail.place]).toEqual(["AZURE_UNREACHABLE", "results.zip"]);
    expect(left()).toEqual([]);
  });

  test.each<[number, string, string]>([
    [403, "AuthenticationFailed", "AZURE_LINK_EXPIRED"],
    [403, "AuthorizationFailure", "AZURE_FORBIDDEN"],
    [404, "BlobNotFound", "AZURE_NOT_FOUND"],
    [500, "InternalError", "AZURE_UNREACHABLE"],
    [302, "Moved", "AZURE_INVALID"],
  ])("that is answered with %s %s is %s, without the link in it", async (status, storageCode, code) => {
    const { result, left } = await downloading([refusal(status, storageCode)]);
    const error = await azureError(result);
    expect([error.code, error.detail.why]).toEqual([code, `HTTP ${status} ${storageCode}`]);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/SECRET|sig=/);
    expect(left()).toEqual([]);
  });

  test("a 403 of somebody else than storage does not ask for another link", async () => {
    const { result } = await downloading([answered(403, "<html>Blocked by the proxy</html>")]);
    expect((await azureError(result)).code).toBe("AZURE_FORBIDDEN");
  });

  test("a redirect is not followed, also not within the same host", async () => {
    const { result, asked } = await downloading([answered(307, undefined, { location: "/other" }), whole]);
    expect((await azureError(result)).code).toBe("AZURE_INVALID");
    expect(asked).toHaveLength(1);
  });

  test("of more than was allowed is refused, by what it says and by what comes", async () => {
    const said = await downloading([whole], { mostBytes: CONTENT.length - 1 });
    expect((await azureError(said.result)).code).toBe("AZURE_INVALID");
    const endless: Answer = (response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(CONTENT));
      };
      response.writeHead(200).on("drain", write);
      write();
    };
    const unsaid = await downloading([endless]);
    const { code, detail } = await azureError(unsaid.result);
    expect([code, detail.why]).toEqual(["AZURE_INVALID", "larger than 1000000 bytes"]);
    expect(unsaid.left()).toEqual([]);
  });

  test("of which no byte comes is given up", async () => {
    for (const answer of [silent, ((response) => response.writeHead(200).write("a")) as Answer]) {
      const { result, left } = await downloading([answer], { limits: { stallMs: 50, transferMs: 0 } });
      expect((await azureError(result)).detail.why).toBe("no byte for 0.05 s");
      expect(left()).toEqual([]);
    }
  });

  test("that is slow, but comes, is waited for", async () => {
    const trickling: Answer = (response) => {
      response.writeHead(200, { "content-length": 12 });
      let sent = 0;
      const timer = setInterval(() => {
        sent += 1;
        if (sent < 12) response.write("a");
        else response.end("a");
      }, 50);
      response.on("close", () => clearInterval(timer));
    };
    const { result, path } = await downloading([trickling], { limits: { stallMs: 400, transferMs: 30_000 } });
    await result;
    expect(statSync(path).size).toBe(12);
  });

  test("that somebody ends ends with the reason", async () => {
    const ended = new AbortController();
    const { result, left } = await downloading([half, (_response) => ended.abort(new Error("Ctrl-C"))], {
      signal: ended.signal,
    });
    await expect(result).rejects.toThrow("Ctrl-C");
    expect(left()).toEqual([]);
  });

  test.each(["http://store.example/a?sig=SECRET", "file:///etc/passwd", "results.zip"])(
    "goes to no other address than https: %s",
    async (url) => {
      const error = await azureError(download(url, join(newFolder(), "a.zip"), options()));
      expect(error.sentence).toBe("Azure answered with something unexpected: a.zip (its link is no https address)");
    },
  );

  test("that cannot be written says so", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "results.zip.part"), { recursive: true });
    const service = await fakeService([whole]);
    const error = await azureError(download(`${service.origin}/a?${SAS}`, join(folder, "results.zip"), options()));
    expect([error.code, error.detail]).toEqual(["AZURE_FILE", { place: "results.zip", why: "EISDIR" }]);
  });

  test("is logged without its link", async () => {
    await (await downloading([half, whole])).result;
    expect(logged.join("")).toContain("sig=REDACTED");
  });
});

describe("a container", () => {
  const listOf = (names: readonly string[], next = ""): Answer => {
    const blobs = names.map(
      (name) =>
        `<Blob><Name>${name}</Name><Properties><Content-Length>${CONTENT.length}</Content-Length></Properties></Blob>`,
    );
    const xml = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="c"><Blobs>${blobs.join("")}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`;
    return (response) => response.writeHead(200, { "content-type": "application/xml" }).end(xml);
  };

  test("is fetched file by file, over all pages of its list", async () => {
    const service = await fakeService([listOf(["engine1 a.csv"], "m&amp;1"), listOf(["logs/2&amp;3.txt"]), whole]);
    const folder = newFolder();
    const progress: number[] = [];
    const url = `${service.origin}/run?${SAS}`;
    const onBytes = (bytes: number): number => progress.push(bytes);
    expect(await downloadContainer(url, folder, options({ onBytes }))).toEqual(["engine1 a.csv", "logs/2&3.txt"]);
    expect(service.asked.map((one) => one.url.pathname)).toEqual([
      "/run",
      "/run",
      "/run/engine1%20a.csv",
      "/run/logs/2%263.txt",
    ]);
    const [first, second, file] = service.asked.map((one) => one.url.searchParams);
    expect([first?.get("restype"), first?.get("comp"), first?.get("marker")]).toEqual(["container", "list", null]);
    expect(second?.get("marker")).toBe("m&1");
    expect(file?.get("sig")).toBe("VERY/SECRET/SIGNATURE=");
    expect(readFileSync(join(folder, "logs", "2&3.txt")).equals(CONTENT)).toBe(true);
    expect(progress.at(-1)).toBe(2 * CONTENT.length);
  });

  test("goes on with a fresh link where the expired one ended", async () => {
    const folder = newFolder();
    const first = await fakeService([listOf(["a.csv", "b.csv"]), whole, refusal(403, "AuthenticationFailed")]);
    const call = (origin: string) => downloadContainer(`${origin}/run?${SAS}`, folder, options());
    expect((await azureError(call(first.origin))).code).toBe("AZURE_LINK_EXPIRED");
    const second = await fakeService([listOf(["a.csv", "b.csv"]), whole]);
    await call(second.origin);
    expect(second.asked.map((one) => one.url.pathname)).toEqual(["/run", "/run/b.csv"]);
  });

  test("without a file has no results, one with too much is refused", async () => {
    const empty = await fakeService([listOf([])]);
    expect((await azureError(downloadContainer(`${empty.origin}/r?${SAS}`, root, options()))).code).toBe(
      "AZURE_NO_RESULTS",
    );
    const large = await fakeService([listOf(["a", "b", "c", "d"])]);
    expect((await azureError(downloadContainer(`${large.origin}/r?${SAS}`, root, options()))).code).toBe(
      "AZURE_INVALID",
    );
  });

  test("whose list goes in a circle ends", async () => {
    const service = await fakeService([listOf(["a"], "again")]);
    const { detail } = await azureError(downloadContainer(`${service.origin}/r?${SAS}`, root, options()));
    expect(detail.why).toBe("its list begins again and again");
  });
});
