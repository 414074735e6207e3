/** Blob storage behind SAS links: a link is good for one blob or one container, until its time is over. */

import { createHmac, randomBytes } from "node:crypto";
import type { Call, Reply } from "./host.ts";

const VERSION = "2025-01-05";
const LIST_PAGE = 5;

export class BlobStorage {
  /** By container, then by name. */
  readonly containers = new Map<string, Map<string, Buffer>>();
  readonly #key = randomBytes(32);
  readonly #url: () => string;
  readonly #now: () => number;

  constructor(url: () => string, now: () => number) {
    this.#url = url;
    this.#now = now;
  }

  put(container: string, name: string, bytes: Buffer): void {
    const blobs = this.containers.get(container) ?? new Map<string, Buffer>();
    this.containers.set(container, blobs.set(name, bytes));
  }

  /** @param name of the blob; null: the link opens the container */
  link(
    container: string,
    name: string | null,
    lifeMs: number,
  ): { readonly url: string; readonly expireDateTime: string } {
    const expireDateTime = new Date(this.#now() + lifeMs).toISOString();
    const path = name === null ? `/${container}` : `/${container}/${encodeURI(name)}`;
    const signed = { sv: VERSION, sr: name === null ? "c" : "b", sp: name === null ? "rl" : "r", se: expireDateTime };
    const sig = this.#signature(path, new URLSearchParams(signed));
    return { url: `${this.#url()}${path}?${new URLSearchParams({ ...signed, sig })}`, expireDateTime };
  }

  answer({ method, url, headers }: Call): Reply {
    const query = url.searchParams;
    if (headers.authorization !== undefined) {
      return xmlError(400, "InvalidAuthenticationInfo", "A SAS link takes no Authorization header.");
    }
    if (method !== "GET" && method !== "HEAD") return xmlError(405, "UnsupportedHttpVerb", "Only GET and HEAD.");
    const fault = this.#linkFault(url);
    if (fault !== null) return xmlError(403, "AuthenticationFailed", fault);
    const [, container = "", ...name] = url.pathname.split("/");
    const blobs = this.containers.get(container);
    if (blobs === undefined) return xmlError(404, "ContainerNotFound", "The container does not exist.");
    if (name.length === 0) {
      if (query.get("restype") !== "container" || query.get("comp") !== "list") {
        return xmlError(400, "InvalidQueryParameterValue", "restype and comp must say what is asked.");
      }
      return listing(this.#url(), container, blobs, query);
    }
    const bytes = blobs.get(decodeURIComponent(name.join("/")));
    return bytes === undefined
      ? xmlError(404, "BlobNotFound", "The blob does not exist.")
      : blobReply(bytes, headers.range);
  }

  #signature(path: string, query: URLSearchParams): string {
    const text = ["sv", "sr", "sp", "se"].map((name) => query.get(name) ?? "").join("\n");
    return createHmac("sha256", this.#key).update(`${path}\n${text}`).digest("base64");
  }

  #linkFault(url: URL): string | null {
    const query = url.searchParams;
    const path = query.get("sr") === "c" ? `/${url.pathname.split("/")[1]}` : url.pathname;
    if (query.get("sig") !== this.#signature(path, query)) return "Signature did not match.";
    const ends = Date.parse(query.get("se") ?? "");
    return ends > this.#now() ? null : `Signature not valid in the specified time frame: Expiry [${query.get("se")}]`;
  }
}

const blobReply = (bytes: Buffer, range: string | undefined): Reply => {
  const headers = { "content-type": "application/octet-stream", "accept-ranges": "bytes", etag: `"0x${bytes.length}"` };
  const from = Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) return { status: 200, headers, bytes };
  if (from >= bytes.length) return xmlError(416, "InvalidRange", "The range is not within the blob.");
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` },
    bytes: bytes.subarray(from),
  };
};

/** List Blobs, in pages. */
const listing = (
  origin: string,
  container: string,
  blobs: ReadonlyMap<string, Buffer>,
  query: URLSearchParams,
): Reply => {
  const names = [...blobs.keys()].sort();
  const from = Number(query.get("marker") ?? 0);
  const to = from + Math.min(Number(query.get("maxresults") ?? LIST_PAGE), LIST_PAGE);
  const entries = names.slice(from, to).map((name) => {
    const bytes = blobs.get(name)?.length ?? 0;
    return `<Blob><Name>${escaped(name)}</Name><Properties><Content-Length>${bytes}</Content-Length></Properties></Blob>`;
  });
  const marker = to < names.length ? `<NextMarker>${to}</NextMarker>` : "<NextMarker />";
  const body = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="${origin}/" ContainerName="${container}"><Blobs>${entries.join("")}</Blobs>${marker}</EnumerationResults>`;
  return { status: 200, headers: { "content-type": "application/xml" }, bytes: body };
};

const xmlError = (status: number, code: string, message: string): Reply => ({
  status,
  headers: { "content-type": "application/xml", "x-ms-error-code": code },
  bytes: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`,
});

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
