import { expect, test } from "vitest";
import { madeAt } from "../../../gate/compare/made-at.ts";
import { sample } from "../../record/samples.ts";
import { resultsFolder, withHead, writeRecord } from "../written-record.ts";

const placeOf = (fields: object): ReturnType<typeof madeAt> => {
  const { file } = withHead(writeRecord(resultsFolder(), [sample()]), fields);
  return madeAt(file);
};

const at = (url: string, targetClass = "public"): string | undefined =>
  placeOf({ servers: { learn: { url, targetClass } } }).origins?.learn;

test("an address is kept as a hash of scheme, host and port, and none of loopback", () => {
  const hash = at("https://a.example/mcp");
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
  expect(at("https://a.example/other?key=1")).toBe(hash);
  expect(at("https://a.example:8443/mcp")).not.toBe(hash);
  expect(at("http://127.0.0.1:5001/mcp", "loopback")).toBeUndefined();
  expect(at("no address")).toBeUndefined();
});

test("the machines of all parts are kept, and none where a part does not tell", () => {
  const part = { part: "p", state: "complete", updatedAt: "2026-03-01T10:00:00.000Z" };
  const machinesOf = (...clocks: (string | undefined)[]) =>
    placeOf({ parts: clocks.map((clock) => ({ ...part, clock })) }).machines;
  expect(machinesOf("b", "a", "b")).toEqual(["a", "b"]);
  expect(machinesOf("a", undefined)).toBeUndefined();
  expect(placeOf({ clock: "c", parts: [] })).toMatchObject({ place: "local", machines: ["c"] });
});
