import { expect, test } from "vitest";
import { type Asked, answerTo } from "../../../bench/server/answers.ts";

const CALL: Asked = { verb: "POST", era: "session", answer: "json", method: "tools/call", id: "1" };
const newSessionId = () => "session-1";
const split = (http: string) => {
  const at = http.indexOf("\r\n\r\n");
  return { head: http.slice(0, at), body: http.slice(at + 4) };
};

test.each(["1", "123456", '"abc"'])("a JSON answer to id %s has the length that it says", (id) => {
  const { head, body } = split(answerTo({ ...CALL, id }, newSessionId));
  expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(body.length);
  expect(JSON.parse(body)).toMatchObject({ id: JSON.parse(id), result: { content: [{ type: "text" }] } });
});

test.each(["1", "1234567890"])("an SSE answer to id %s is one event in one chunk of the length that it says", (id) => {
  const { body } = split(answerTo({ ...CALL, answer: "sse", id }, newSessionId));
  const chunk = /^([0-9a-f]+)\r\n([\s\S]*)\r\n0\r\n\r\n$/.exec(body);
  const [, length = "", event = ""] = chunk ?? [];
  expect(Number.parseInt(length, 16)).toBe(event.length);
  const data = /^event: message\ndata: (.*)\n\n$/.exec(event)?.[1] ?? "";
  expect(JSON.parse(data).id).toBe(Number(id));
});

test("only an initialize gets a session id", () => {
  expect(answerTo({ ...CALL, method: "initialize" }, newSessionId)).toContain("Mcp-Session-Id: session-1\r\n");
  expect(answerTo(CALL, newSessionId)).not.toContain("Mcp-Session-Id");
});

test("what an era lacks is an unknown method there", () => {
  expect(answerTo({ ...CALL, method: "server/discover" }, newSessionId)).toContain('"code":-32601');
  expect(answerTo({ ...CALL, era: "stateless", method: "initialize" }, newSessionId)).toMatch(/^HTTP\/1.1 404 /);
});

test("a notification is accepted, a stream refused, an end confirmed", () => {
  expect(answerTo({ ...CALL, id: null }, newSessionId)).toMatch(/^HTTP\/1.1 202 /);
  expect(answerTo({ ...CALL, verb: "GET", method: null }, newSessionId)).toMatch(/^HTTP\/1.1 405 /);
  expect(answerTo({ ...CALL, verb: "DELETE", method: null }, newSessionId)).toMatch(/^HTTP\/1.1 200 /);
});
