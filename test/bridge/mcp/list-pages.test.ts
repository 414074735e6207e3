import { describe, expect, test } from "vitest";
import { allPages, MAX_PAGES } from "../../../bridge/mcp/list-pages.ts";
import { WireError } from "../../../bridge/outcome.ts";

type Page = Record<string, unknown>;
const never = (): boolean => false;
const pages = (byCursor: (cursor: unknown) => Page) => (params: Readonly<Record<string, unknown>>) =>
  Promise.resolve(byCursor(params.cursor));

describe("all pages of a list", () => {
  test("become one, with the first page's other keys and without a cursor", async () => {
    const fetchPage = pages((cursor) =>
      cursor === undefined
        ? { tools: [{ name: "a" }], nextCursor: "2", _meta: { x: 1 } }
        : { tools: [{ name: "b" }], _meta: { x: 2 } },
    );
    expect(await allPages("tools/list", {}, fetchPage, never)).toEqual({
      tools: [{ name: "a" }, { name: "b" }],
      _meta: { x: 1 },
    });
  });

  test("may hold more items than a call can take arguments", async () => {
    const tools = Array.from({ length: 200_000 }, () => null);
    const fetchPage = pages((cursor) => ({ tools, ...(cursor === undefined && { nextCursor: "2" }) }));
    expect((await allPages("tools/list", {}, fetchPage, never)).tools).toHaveLength(400_000);
  });

  test("keep the caller's other parameters", async () => {
    const asked: unknown[] = [];
    const fetchPage = async (params: Page) => {
      asked.push(params);
      return { prompts: [], ...(params.cursor === undefined && { nextCursor: "n" }) };
    };
    await allPages("prompts/list", { _meta: { a: 1 } }, fetchPage, never);
    expect(asked).toEqual([{ _meta: { a: 1 } }, { _meta: { a: 1 }, cursor: "n" }]);
  });

  test.each([
    ["a cursor that comes back at once", () => ({ nextCursor: "same" })],
    ["cursors in a circle", (cursor: unknown) => ({ nextCursor: cursor === "a" ? "b" : "a" })],
  ])("end as protocol on %s", async (_name, byCursor) => {
    const failing = allPages("resources/list", {}, pages(byCursor), never);
    await expect(failing).rejects.toThrow(WireError);
    await expect(failing).rejects.toMatchObject({ failure: { reason: "protocol" } });
  });

  test("end as too-large when all of them together are", async () => {
    let asked = 0;
    const fetchPage = async () => ({ nextCursor: String(++asked) });
    const failing = allPages("tools/list", {}, fetchPage, () => asked === 3);
    await expect(failing).rejects.toMatchObject({ failure: { reason: "too-large" } });
    expect(asked).toBe(3);
  });

  test(`end as protocol after ${MAX_PAGES} pages`, async () => {
    let asked = 0;
    const fetchPage = async () => ({ nextCursor: String(++asked) });
    const failing = allPages("resources/templates/list", {}, fetchPage, never);
    await expect(failing).rejects.toMatchObject({ failure: { reason: "protocol" } });
    expect(asked).toBe(MAX_PAGES);
  });
});
