import { expect, test } from "vitest";
import { RequestReader } from "../../../bench/server/request-reader.ts";

const BODY = '{"jsonrpc":"2.0","id":41,"method":"tools/call","params":{"name":"search"}}';
const REQUEST = `POST /session/sse HTTP/1.1\r\nHost: x\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
const ASKED = { verb: "POST", era: "session", answer: "sse", method: "tools/call", id: "41" };

test("a request is understood wherever its bytes are cut", () => {
  for (let cut = 1; cut < REQUEST.length; cut += 1) {
    const reader = new RequestReader();
    const asked = [...reader.read(REQUEST.slice(0, cut)), ...reader.read(REQUEST.slice(cut))];
    expect(asked, `cut at ${cut}`).toEqual([ASKED]);
  }
});

test("several requests in one chunk are all understood, in their order", () => {
  const second = REQUEST.replace('"id":41', '"id":42');
  expect(new RequestReader().read(REQUEST + second).map(({ id }) => id)).toEqual(["41", "42"]);
});

test("a notification has no id, a DELETE no method", () => {
  const body = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
  const told = `POST /session/json HTTP/1.1\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const closed = "DELETE /session/json HTTP/1.1\r\nHost: x\r\n\r\n";
  expect(new RequestReader().read(told + closed)).toMatchObject([
    { method: "notifications/initialized", id: null },
    { verb: "DELETE", method: null },
  ]);
});
