import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeLoadTesting } from "./fake-load-testing.ts";
import { RawClient } from "./raw-client.ts";

const clock = { ms: Date.parse("2026-11-21T12:00:00Z") };
const fake = new FakeLoadTesting({ now: () => clock.ms });
const client = new RawClient(fake);
beforeAll(async () => {
  await fake.start();
  for (const name of ["1", "2", "3", "4", "5", "6"])
    fake.blobs.put("run-1", `engine${name}.csv`, Buffer.from("0123456789"));
});
afterAll(() => fake.stop());

test("a link opens its blob, whole or from a byte on", async () => {
  const { url } = fake.blobs.link("run-1", "engine1.csv", 1000);
  expect((await client.send("GET", url)).bytes.toString()).toBe("0123456789");
  const part = await client.send("GET", url, { headers: { range: "bytes=7-" } });
  expect([part.status, part.bytes.toString(), part.headers["content-range"]]).toEqual([206, "789", "bytes 7-9/10"]);
});

test.each<readonly [string, (url: URL) => unknown, Readonly<Record<string, string>>, number, string]>([
  [
    "another blob with the same link",
    (url) => Object.assign(url, { pathname: "/run-1/engine2.csv" }),
    {},
    403,
    "AuthenticationFailed",
  ],
  [
    "a later end with the same signature",
    (url) => url.searchParams.set("se", "2030-01-01T00:00:00Z"),
    {},
    403,
    "AuthenticationFailed",
  ],
  ["no signature", (url) => url.searchParams.delete("sig"), {}, 403, "AuthenticationFailed"],
  ["a token beside the link", () => undefined, { authorization: "Bearer x" }, 400, "InvalidAuthenticationInfo"],
])("%s is refused in XML", async (_, bend, headers, status, code) => {
  const url = new URL(fake.blobs.link("run-1", "engine1.csv", 1000).url);
  bend(url);
  const answer = await client.send("GET", url.href, { headers });
  expect(answer.status).toBe(status);
  expect(answer.bytes.toString()).toContain(`<Code>${code}</Code>`);
});

test("a link ends with its time", async () => {
  const { url } = fake.blobs.link("run-1", "engine1.csv", 1000);
  clock.ms += 1000;
  const answer = await client.send("GET", url);
  expect([answer.status, answer.headers["x-ms-error-code"]]).toEqual([403, "AuthenticationFailed"]);
});

test("a container's link lists its blobs in pages and opens each", async () => {
  const { url } = fake.blobs.link("run-1", null, 1000);
  const list = new URL(url);
  list.searchParams.set("restype", "container");
  list.searchParams.set("comp", "list");
  const first = (await client.send("GET", list.href)).bytes.toString();
  expect([...first.matchAll(/<Name>(.*?)<\/Name>/g)]).toHaveLength(5);
  list.searchParams.set("marker", /<NextMarker>(\d+)</.exec(first)?.[1] ?? "");
  const last = (await client.send("GET", list.href)).bytes.toString();
  expect(last).toContain("<Name>engine6.csv</Name>");
  expect(last).toContain("<NextMarker />");
  const blob = new URL(url);
  blob.pathname += "/engine6.csv";
  expect((await client.send("GET", blob.href)).status).toBe(200);
});
