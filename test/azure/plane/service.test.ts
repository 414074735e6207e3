import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { AuthError } from "../../../auth/auth-error.ts";
import {
  type Answer,
  answered,
  azureError,
  cut,
  endless,
  fakeService,
  fault,
  handClock,
  serviceAt,
  silent,
  tokens,
  trustFakes,
} from "./plane-harness.ts";

beforeAll(trustFakes);

const THING = z.object({ name: z.string() });
const question = { method: "get", path: "/things/a" } as const;
const fine = answered(200, { name: "a" });

describe("a request", () => {
  test("carries the api version, the token, one correlation id a command and who asks", async () => {
    const { origin, asked } = await fakeService([fine]);
    const service = serviceAt(origin);
    await service.read(THING, question);
    await service.read(THING, question);
    const [first, second] = asked;
    expect(first?.url.searchParams.get("api-version")).toBe("2026-04-01");
    expect(first?.headers.authorization).toBe("Bearer token-1");
    expect(first?.headers["user-agent"]).toMatch(/^swarmbridge\/9\.9\.9 /);
    const ids = [first, second].map((one) => one?.headers["x-ms-correlation-request-id"]);
    expect(ids).toEqual(Array(2).fill("11111111-2222-3333-4444-555555555555"));
    expect(first?.headers["x-ms-client-request-id"]).not.toBe(second?.headers["x-ms-client-request-id"]);
  });

  test("goes through the proxy that the environment names", async () => {
    const { origin, host, asked } = await fakeService([fine]);
    const through: string[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      through.push(request.url ?? "");
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const { code } = await azureError(serviceAt(origin, { limits: { callMs: 0 } }).read(THING, question));
    expect([code, through, asked]).toEqual(["AZURE_UNREACHABLE", [host], []]);
  });
});

describe("an answer that is no answer", () => {
  test.each([
    [401, "AZURE_UNAUTHORIZED"],
    [403, "AZURE_FORBIDDEN"],
    [404, "AZURE_NOT_FOUND"],
    [408, "AZURE_UNREACHABLE"],
    [409, "AZURE_CONFLICT"],
    [412, "AZURE_CONFLICT"],
    [429, "AZURE_THROTTLED"],
    [400, "AZURE_REFUSED"],
    [413, "AZURE_REFUSED"],
    [422, "AZURE_REFUSED"],
    [500, "AZURE_UNREACHABLE"],
    [501, "AZURE_UNREACHABLE"],
    [503, "AZURE_UNREACHABLE"],
    [302, "AZURE_INVALID"],
  ])("HTTP %s is %s, with the service's words and the request's id", async (status, code) => {
    const { origin } = await fakeService([fault(status, "TheCode", "The message.")]);
    const error = await azureError(serviceAt(origin).read(THING, question));
    const { place, why, requestId } = error.detail;
    expect({ code: error.code, place, why, requestId, status: error.detail.status }).toEqual({
      code,
      place: `${origin}/things/a`,
      why: `HTTP ${status} TheCode: The message.`,
      requestId: "req-1",
      status,
    });
  });

  test("its words are bounded, printable and without what stands behind the ? of an address", async () => {
    const message = `\u001b[2JLook at https://store.example/a.zip?sv=1&sig=SECRET, ${"so ".repeat(2000)}`;
    const { origin } = await fakeService([
      answered(400, { error: { code: "X\u0007Y", message, details: [{ message: "Field a." }, null, 7] } }),
    ]);
    const { sentence } = await azureError(serviceAt(origin).read(THING, question));
    expect(sentence).toContain("HTTP 400 X Y: Look at https://store.example/a.zip so so");
    expect(sentence).not.toMatch(/SECRET|\p{Cc}/u);
    expect(sentence.length).toBeLessThan(700);
  });

  test("details say what is wrong with which field", async () => {
    const { origin } = await fakeService([
      answered(400, { error: { code: "Bad", message: "Bad body.", details: [{ message: "Field a." }] } }),
    ]);
    const { detail } = await azureError(serviceAt(origin).read(THING, question));
    expect(detail.why).toBe("HTTP 400 Bad: Bad body.; Field a.");
  });

  test("a proxy's page is told by its status alone", async () => {
    const { origin } = await fakeService([answered(407, "<html>Who are you?</html>")]);
    const { code, detail } = await azureError(serviceAt(origin).read(THING, question));
    expect([code, detail.why]).toEqual(["AZURE_REFUSED", "HTTP 407"]);
  });

  test.each<[string, Answer, RegExp]>([
    ["a field of another type is named", answered(200, { name: 7 }), /^name: .*expected string/],
    ["a field that is missing is named", answered(200, {}), /^name: /],
    ["what is null is missing", answered(200, { name: null }), /^name: /],
    ["a page of a proxy is no JSON", answered(200, "<html>"), /^the answer: .*expected object/],
    [
      "broken JSON is said to be none",
      (response) => response.writeHead(200, { "content-type": "application/json" }).end('{"name": "a'),
      /^an answer that is no JSON$/,
    ],
    [
      "a nesting without an end is refused",
      (response) =>
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(`{"name": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
      /nests too deeply/,
    ],
    ["nothing at all is no answer", answered(200), /^the answer: /],
  ])("%s", async (_name, answer, why) => {
    const { origin, asked } = await fakeService([answer]);
    const { code, detail } = await azureError(serviceAt(origin).read(THING, question));
    expect(code).toBe("AZURE_INVALID");
    expect(detail.why).toMatch(why);
    expect(asked).toHaveLength(1);
  });

  test("one without an end is cut off", async () => {
    const { origin } = await fakeService([endless]);
    const limits = { answerBytes: 1024 * 1024 };
    const { code, detail } = await azureError(serviceAt(origin, { limits }).read(THING, question));
    expect([code, detail.why]).toEqual(["AZURE_INVALID", "an answer of more than 1 MiB"]);
  });

  test("a redirect is not followed: the token stays here", async () => {
    const elsewhere = await fakeService([fine]);
    const { origin } = await fakeService([answered(307, undefined, { location: `${elsewhere.origin}/things/a` })]);
    const same = await fakeService([answered(302, undefined, { location: "/things/b" }), fine]);
    for (const at of [origin, same.origin]) {
      expect((await azureError(serviceAt(at).read(THING, question))).code).toBe("AZURE_INVALID");
    }
    expect(elsewhere.asked).toHaveLength(0);
    expect(same.asked).toHaveLength(1);
  });
});

describe("what passes", () => {
  test("a wish to wait is heeded: seconds, milliseconds of Azure's own, or a date; never at once", async () => {
    const at = new Date("2026-11-21T12:00:00Z");
    const { origin, asked } = await fakeService([
      fault(429, "TooMany", "", { "retry-after": "7" }),
      fault(503, "Busy", "", { "x-ms-retry-after-ms": "250" }),
      fault(429, "TooMany", "", { "retry-after-ms": "0", "retry-after": "7" }),
      fault(429, "TooMany", "", {
        date: at.toUTCString(),
        "retry-after": new Date(at.getTime() + 20_000).toUTCString(),
      }),
      fine,
    ]);
    const clock = handClock();
    expect(await serviceAt(origin, { clock }).read(THING, question)).toEqual({ name: "a" });
    expect(clock.pauses).toEqual([7000, 250, 200, 20_000]);
    expect(asked).toHaveLength(5);
  });

  test("without a wish the pauses double", async () => {
    const { origin } = await fakeService([408, 500, 502, 503, 504].map((code) => fault(code, "Oops")).concat(fine));
    const clock = handClock();
    await serviceAt(origin, { clock }).read(THING, question);
    expect(clock.pauses).toEqual([1000, 2000, 4000, 8000, 16_000]);
  });

  test("a connection that is cut is one of them", async () => {
    const { origin, asked } = await fakeService([cut, cut, fine]);
    expect(await serviceAt(origin).read(THING, question)).toEqual({ name: "a" });
    expect(asked).toHaveLength(3);
  });

  test("a storm ends after two minutes with what was seen last", async () => {
    const { origin, asked } = await fakeService([fault(429, "TooMany", "Slow down.", { "retry-after": "50" })]);
    const clock = handClock();
    const { code, detail } = await azureError(serviceAt(origin, { clock }).read(THING, question));
    expect([code, detail.retryAfterMs, detail.why]).toEqual([
      "AZURE_THROTTLED",
      50_000,
      "HTTP 429 TooMany: Slow down.",
    ]);
    expect(clock.pauses).toEqual([50_000, 50_000]);
    expect(asked).toHaveLength(3);
  });

  test("a wish that goes beyond the limit is told at once", async () => {
    const { origin } = await fakeService([fault(503, "Busy", "", { "retry-after": "3600" })]);
    const clock = handClock();
    const { detail } = await azureError(serviceAt(origin, { clock }).read(THING, question));
    expect(detail.retryAfterMs).toBe(3_600_000);
    expect(clock.pauses).toEqual([]);
  });

  test("a server that never answers is left after the request's own limit", async () => {
    const { origin } = await fakeService([silent]);
    const clock = handClock();
    const service = serviceAt(origin, { clock, limits: { requestMs: 50, callMs: 3000 } });
    const { code, detail } = await azureError(service.read(THING, question));
    expect([code, detail.why]).toEqual(["AZURE_UNREACHABLE", "no answer within 0.05 s"]);
    expect(clock.pauses).toEqual([1000, 2000]);
  });

  test("a body that dries up is left, too", async () => {
    const { origin } = await fakeService([(response) => response.writeHead(200).write('{"name":')]);
    const service = serviceAt(origin, { limits: { requestMs: 50, callMs: 0 } });
    expect((await azureError(service.read(THING, question))).code).toBe("AZURE_UNREACHABLE");
  });

  test("nobody there is unreachable, with the system's code", async () => {
    const service = serviceAt("https://127.0.0.1:1", { limits: { callMs: 0 } });
    const { code, detail } = await azureError(service.read(THING, question));
    expect([code, detail.why, detail.place]).toEqual([
      "AZURE_UNREACHABLE",
      "ECONNREFUSED",
      "https://127.0.0.1:1/things/a",
    ]);
  });
});

test.each([400, 403, 404, 409, 501])("HTTP %s does not pass: it is not asked again", async (status) => {
  const { origin, asked } = await fakeService([fault(status, "No"), fine]);
  await azureError(serviceAt(origin).read(THING, question));
  expect(asked).toHaveLength(1);
});

describe("a token", () => {
  test("that the service refuses is replaced once", async () => {
    const { origin, asked } = await fakeService([fault(401, "Expired"), fine]);
    expect(await serviceAt(origin).read(THING, question)).toEqual({ name: "a" });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test("whose successor is refused too is told", async () => {
    const { origin, asked } = await fakeService([fault(401, "No")]);
    expect((await azureError(serviceAt(origin).read(THING, question))).code).toBe("AZURE_UNAUTHORIZED");
    expect(asked).toHaveLength(2);
  });

  test("is renewed between two requests when its end comes near", async () => {
    const { origin, asked } = await fakeService([fine]);
    const clock = handClock();
    const service = serviceAt(origin, { clock, token: tokens(600_000) });
    await service.read(THING, question);
    clock.advance(479_000);
    await service.read(THING, question);
    clock.advance(2000);
    await service.read(THING, question);
    const sent = asked.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
  });

  test("that is newer is asked for when the service demands claims", async () => {
    const challenge = `Bearer error="insufficient_claims", claims="${btoa('{"access_token":{}}')}"`;
    const { origin, asked } = await fakeService([answered(401, undefined, { "www-authenticate": challenge }), fine]);
    expect(await serviceAt(origin).read(THING, question)).toEqual({ name: "a" });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test("that cannot be had is the login's own error", async () => {
    const { origin, asked } = await fakeService([fine]);
    const failure = new AuthError("AUTH_NO_LOGIN");
    const service = serviceAt(origin, { token: () => Promise.reject(failure) });
    await expect(service.read(THING, question)).rejects.toBe(failure);
    expect(asked).toHaveLength(0);
  });
});

test("what is thrown holds no token, however deep it is looked into", async () => {
  const service = serviceAt("https://127.0.0.1:1", { limits: { callMs: 0 } });
  const error = await azureError(service.read(THING, question));
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("token-1");
});

describe("a list", () => {
  const PAGE = z.object({ value: z.array(THING), nextLink: z.string().optional() });
  const page = (names: readonly string[], nextLink?: string) =>
    answered(200, { value: names.map((name) => ({ name })), nextLink: nextLink ?? null });

  test("is read to its end, page by page", async () => {
    const links: string[] = [];
    const service = await fakeService([
      (response, request) => page(["a", "b"], links[0])(response, request),
      (response, request) => page(["c"], links[1])(response, request),
      page(["d"]),
    ]);
    links.push(`${service.origin}/things?api-version=2026-04-01&t=2`, `${service.origin}/things?t=3`);
    const all = await serviceAt(service.origin).list(PAGE, { method: "get", path: "/things", query: { testId: "x" } });
    expect(all.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
    expect(service.asked.map(({ url }) => url.search)).toEqual([
      "?testId=x&api-version=2026-04-01",
      "?api-version=2026-04-01&t=2",
      "?t=3&api-version=2026-04-01",
    ]);
  });

  test("ends when there are as many as asked for", async () => {
    const service = await fakeService([page(["a", "b"], "https://127.0.0.1:1/never")]);
    const some = await serviceAt(service.origin).list(PAGE, { method: "get", path: "/things" }, 1);
    expect(some).toEqual([{ name: "a" }]);
  });

  test.each([
    "https://evil.example/things",
    "http://HOST/things",
    "/things?page=2",
    "https://HOST.evil.example/",
    "::",
  ])("does not go where the token must not: %s", async (link) => {
    let host = "";
    const service = await fakeService([
      (response, request) => page(["a"], link.replace("HOST", host))(response, request),
    ]);
    host = service.host;
    const { code, detail } = await azureError(serviceAt(service.origin).list(PAGE, { method: "get", path: "/things" }));
    expect([code, detail.why]).toEqual(["AZURE_INVALID", "its nextLink leads to another place"]);
    expect(service.asked).toHaveLength(1);
  });

  test("that leads in a circle ends", async () => {
    let origin = "";
    const service = await fakeService([(response, request) => page(["a"], `${origin}/things`)(response, request)]);
    origin = service.origin;
    const { detail } = await azureError(serviceAt(origin).list(PAGE, { method: "get", path: "/things" }));
    expect(detail.why).toBe("a list of more than 200 pages");
    expect(service.asked).toHaveLength(200);
  });
});
