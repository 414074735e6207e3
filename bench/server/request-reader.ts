/**
 * Cuts a connection's bytes into HTTP requests and finds the four things that the null server looks at. It trusts its
 * clients: they are the bench's own, and their bodies are ASCII.
 */
import type { Answer, Era } from "../workload.ts";
import type { Asked } from "./answers.ts";

const HEAD_END = "\r\n\r\n";
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const METHOD = /"method": ?"([^"]+)"/;
const ID = /"id": ?(\d+|"[^"]*")/;

export class RequestReader {
  #rest = "";

  /** @returns the requests that are complete with this chunk, in their order */
  read(chunk: string): Asked[] {
    let text = this.#rest === "" ? chunk : this.#rest + chunk;
    const asked: Asked[] = [];
    for (;;) {
      const headEnd = text.indexOf(HEAD_END);
      if (headEnd < 0) break;
      const head = text.slice(0, headEnd);
      const bodyStart = headEnd + HEAD_END.length;
      const bodyEnd = bodyStart + Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
      if (text.length < bodyEnd) break;
      asked.push(understand(head, text.slice(bodyStart, bodyEnd)));
      text = text.slice(bodyEnd);
    }
    this.#rest = text;
    return asked;
  }
}

const understand = (head: string, body: string): Asked => {
  const verbEnd = head.indexOf(" ");
  const [, era, answer] = head.slice(verbEnd + 1, head.indexOf(" ", verbEnd + 1)).split("/");
  return {
    verb: head.slice(0, verbEnd),
    era: era as Era,
    answer: answer as Answer,
    method: METHOD.exec(body)?.[1] ?? null,
    id: ID.exec(body)?.[1] ?? null,
  };
};
