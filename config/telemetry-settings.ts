/**
 * What of the `telemetry` key and of OpenTelemetry's own variables holds for a run. The file's endpoint wins, and its headers. The
 * variables alone, which a machine may have for other programs, never stop a run.
 */

import type { Lookup } from "./environment.ts";
import type { Path } from "./fault.ts";
import { headersSchema } from "./headers-schema.ts";
import { targetClass } from "./target-class.ts";
import { collectorSchema, telemetrySchema, type WrittenTelemetry } from "./telemetry-schema.ts";

export interface TelemetrySettings extends Omit<WrittenTelemetry, "endpoint"> {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Names in lower case. Values may be secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
const HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
const PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
const DISABLED = "OTEL_SDK_DISABLED";

interface Found {
  /** Null: nothing is sent. */
  readonly telemetry: TelemetrySettings | null;
  /** Told to nobody, and taken out of the environment. */
  readonly secrets: readonly string[];
  readonly fault: { readonly path: Path; readonly sentence: string } | null;
  /** Why variables have no effect; null where there is nothing to say. */
  readonly note: string | null;
}

const NONE: Found = { telemetry: null, secrets: [], fault: null, note: null };

export const telemetrySettings = (written: WrittenTelemetry | undefined, lookup: Lookup): Found => {
  if (lookup(DISABLED)?.toLowerCase() === "true") return NONE;
  const endpoint = written?.endpoint ?? lookup(ENDPOINT);
  if (written === undefined && endpoint === undefined) return NONE;
  const listed = lookup(HEADERS);
  const ofVariable = listedHeaders(listed ?? "");
  const headers = { ...ofVariable, ...lowerCased(written?.headers ?? {}) };
  const secrets = [...(listed === undefined ? [] : [listed]), ...Object.values(headers).flatMap(secretsIn)];
  const sentence = endpointFault(written, lookup) ?? headersFault(ofVariable) ?? plainFault(endpoint, headers);
  if (sentence !== null || endpoint === undefined) {
    if (written !== undefined) {
      return { ...NONE, secrets, fault: { path: ["telemetry"], sentence: sentence ?? NO_ENDPOINT } };
    }
    const note = `OpenTelemetry's variables have no effect: telemetry ${sentence}. ${DISABLED}=true says that nothing is to be sent`;
    return { ...NONE, secrets, note };
  }
  const { traces, slowMs, traceContext } = written ?? DEFAULTS;
  return {
    ...NONE,
    telemetry: { endpoint: endpoint.replace(/\/+$/, ""), headers, traces, slowMs, traceContext },
    secrets,
  };
};

/** Two contexts in one request are none (W3C, trace context): a server may take either, or neither. */
export const hasOwnContext = (
  telemetry: TelemetrySettings | null,
  { headers }: { readonly headers: Readonly<Record<string, string>> },
): boolean => telemetry?.traceContext === true && headers.traceparent !== undefined;

const NO_ENDPOINT = `has no endpoint: name the collector's address there, or in ${ENDPOINT}`;

/** The file's own has been checked with the file. Faults are sentences without a subject, and quote no value. */
const endpointFault = (written: WrittenTelemetry | undefined, lookup: Lookup): string | null => {
  if (written?.endpoint !== undefined) return null;
  const endpoint = lookup(ENDPOINT);
  if (endpoint === undefined) return NO_ENDPOINT;
  if (lookup(PROTOCOL)?.toLowerCase() === "grpc") {
    return `has no endpoint for OTLP over HTTP: ${PROTOCOL} is grpc, and the port of gRPC is another one; name the collector's HTTP address, often port 4318, at telemetry.endpoint`;
  }
  const checked = collectorSchema.safeParse(endpoint);
  return checked.success
    ? null
    : `has no usable endpoint: ${ENDPOINT} ${checked.error.issues[0]?.message}; correct it, or name one at telemetry.endpoint`;
};

/** A name is told, unless it is none: then it may be a value that stands in the wrong place. */
const headersFault = (headers: Readonly<Record<string, string>>): string | null => {
  const issue = headersSchema.safeParse(headers).error?.issues[0];
  if (issue === undefined) return null;
  const isName = issue.code !== "invalid_key" || !/must be a header's name/.test(JSON.stringify(issue.issues));
  const message = issue.code === "invalid_key" ? issue.issues[0]?.message : issue.message;
  return `has a header that cannot be sent: in ${HEADERS} ${isName ? String(issue.path[0]) : "a name"} ${message}`;
};

const plainFault = (endpoint: string | undefined, headers: Readonly<Record<string, string>>): string | null =>
  endpoint !== undefined &&
  Object.keys(headers).length > 0 &&
  /^http:/i.test(endpoint) &&
  targetClass(endpoint) !== "loopback"
    ? "sends headers over plain http, and anybody on the way can read them: use https, or leave headers out"
    : null;

/** A short value is a word that stands elsewhere, too: taken out everywhere it would only hide what is no secret. */
const SHORTEST_SECRET = 8;

/** The value, and what comes behind `Bearer`. */
const secretsIn = (value: string): string[] =>
  [...new Set([value, value.split(" ").at(-1) ?? ""])].filter(({ length }) => length >= SHORTEST_SECRET);

const DEFAULTS = telemetrySchema.unwrap().parse({});

/** `key=value,other=value`, percent-encoded as in W3C baggage; what is none of it is left out. */
const listedHeaders = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(",").flatMap((pair) => {
      const [name = "", ...value] = pair.split("=");
      const shown = decoded(value.join("=").trim());
      return name.trim() === "" ? [] : [[name.trim().toLowerCase(), shown]];
    }),
  );

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % that was meant as it stands.
    return text;
  }
};

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
