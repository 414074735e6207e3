import type { Asker } from "../../../auth/discovery/unauthorized.ts";
import { allowedUrl } from "../../../auth/http/allowed-url.ts";
import type { HttpAnswer, HttpQuestion } from "../../../auth/http/http-question.ts";

type Page =
  | object
  | string
  | { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string };

/**
 * A web of pages by URL, everything else 404. It keeps the rule of the real one that is decided without a network, so
 * that a question asked with too much trust shows.
 */
export class Web {
  readonly asked: HttpQuestion[] = [];
  readonly pages: Record<string, Page>;
  elapsedMs = 0;
  constructor(pages: Record<string, Page>) {
    this.pages = pages;
  }

  readonly http = async (question: HttpQuestion): Promise<HttpAnswer> => {
    allowedUrl(question);
    this.asked.push(question);
    const page = this.pages[question.url] ?? { status: 404 };
    if (typeof page === "string") return { status: 200, headers: {}, body: page };
    if (!("status" in page)) return { status: 200, headers: {}, body: JSON.stringify(page) };
    return { status: page.status, headers: page.headers ?? {}, body: page.text ?? "" };
  };

  get urls(): readonly string[] {
    return this.asked.map(({ url }) => url);
  }

  /** Somebody who finds out about the server at this URL, in this web. */
  finder(url: string): Asker {
    const server = { url, headers: { "x-tenant": "t1", authorization: "Basic eDp5" }, tls: {} };
    return { http: this.http, server, monotonicMs: () => this.elapsedMs };
  }
}
