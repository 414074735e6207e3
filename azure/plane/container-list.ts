/**
 * What lies in a container of Azure's storage, by its SAS address. The list is XML of one flat shape that storage has
 * written since 2009, without attributes or namespaces that matter: it is read by that shape, and anything else (a DTD,
 * CDATA) is refused, which a parser with entities and references would have to be told to do.
 * @see List Blobs, Azure Storage REST
 */

import { text } from "node:stream/consumers";
import { AzureError } from "../azure-error.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { type LinkAnswer, withLink } from "./link-request.ts";
import { REAL_CLOCK, type RetryClock, withRetries } from "./retry.ts";

export interface ContainerFile {
  /** A relative path of plain parts, separated by `/`. */
  readonly name: string;
  readonly bytes: number;
  /** A SAS address, as secret as the container's. */
  readonly url: string;
}

interface ListOptions {
  readonly signal?: AbortSignal;
  readonly limits?: Pick<Limits, "stallMs" | "transferMs">;
  readonly clock?: RetryClock;
}

const PLACE = "the run's container";
/** A page holds up to 5,000 names: some megabytes. */
const MOST_PAGE_BYTES = 10 * 1024 * 1024;
/** 400 engines leave some thousand files. */
const MOST_FILES = 20_000;

/** @throws {AzureError} (rejects) as `download` */
export const containerFiles = async (
  url: string,
  { signal, limits = LIMITS, clock = REAL_CLOCK }: ListOptions,
): Promise<readonly ContainerFile[]> => {
  const files: ContainerFile[] = [];
  const markers = new Set<string>();
  for (let marker = ""; ; ) {
    const attempt = () => withLink(listUrl(url, marker), { place: PLACE, stallMs: limits.stallMs, signal }, page);
    const { found, next } = await withRetries(attempt, { clock, limitMs: limits.transferMs, signal });
    for (const { name, bytes } of found) files.push({ name, bytes, url: fileUrl(url, name) });
    if (files.length > MOST_FILES) throw strange(`it holds more than ${MOST_FILES} files`);
    if (next === "") return files;
    if (markers.has(next)) throw strange("its list begins again and again");
    markers.add(next);
    marker = next;
  }
};

const listUrl = (container: string, marker: string): string => {
  const url = new URL(container);
  url.searchParams.set("restype", "container");
  url.searchParams.set("comp", "list");
  if (marker !== "") url.searchParams.set("marker", marker);
  return url.href;
};

const fileUrl = (container: string, name: string): string => {
  const url = new URL(container);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${name.split("/").map(encodeURIComponent).join("/")}`;
  return url.href;
};

const page = async ({ body, moved }: Pick<LinkAnswer, "body" | "moved">): Promise<Page> => {
  let bytes = 0;
  const bounded = async function* () {
    for await (const chunk of body) {
      moved();
      bytes += chunk.length;
      if (bytes > MOST_PAGE_BYTES) throw strange("its list is too large");
      yield chunk;
    }
  };
  return listed(await text(bounded()));
};

interface Page {
  readonly found: readonly { readonly name: string; readonly bytes: number }[];
  /** Where the next page begins, or "". */
  readonly next: string;
}

/** One page of the list. Exported for its test. @throws {AzureError} AZURE_INVALID */
export const listed = (xml: string): Page => {
  if (!xml.includes("<EnumerationResults") || /<!(?:DOCTYPE|ENTITY|\[CDATA)/i.test(xml)) {
    throw strange("what it answers is no list of files");
  }
  const found = xml
    .split("<Blob>")
    .slice(1)
    // A container with a hierarchy lists its folders, too.
    .filter((blob) => element(blob, "ResourceType") !== "directory")
    .map((blob) => {
      const name = element(blob, "Name");
      const bytes = element(blob, "Content-Length");
      if (name === null || !isPlain(name)) throw strange("it holds a file whose name is no plain path");
      if (bytes === null || !/^\d{1,15}$/.test(bytes)) throw strange("it does not say how large a file is");
      return { name, bytes: Number(bytes) };
    });
  return { found, next: element(xml.slice(xml.lastIndexOf("</Blobs>") + 1), "NextMarker") ?? "" };
};

/** Text of the first element of this name; an attribute (`Encoded="true"`) makes it another one. */
const element = (xml: string, name: string): string | null => {
  const start = xml.indexOf(`<${name}>`);
  const end = xml.indexOf(`</${name}>`, start);
  return start === -1 || end === -1 ? null : unescaped(xml.slice(start + name.length + 2, end));
};

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return name === undefined ? (point <= 0x10ffff ? String.fromCodePoint(point) : whole) : (ENTITIES[name] ?? whole);
  });

/** Becomes a path here: no way out of the folder, on no system. */
const isPlain = (name: string): boolean =>
  name.length <= 1024 &&
  !/[\\:\p{Cc}]/u.test(name) &&
  name.split("/").every((part) => part !== "" && part !== "." && part !== "..");

const strange = (why: string): AzureError => new AzureError("AZURE_INVALID", { place: PLACE, why });
