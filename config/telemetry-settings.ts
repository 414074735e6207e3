/** What of the `telemetry` key and of OpenTelemetry's own variables holds for a run. The file's endpoint wins, and its headers. */

import type { Lookup } from "./environment.ts";
import type { Path } from "./fault.ts";
import { targetClass } from "./target-class.ts";
import { telemetrySchema, type WrittenTelemetry } from "./telemetry-schema.ts";
import { urlSchema } from "./url-schema.ts";

export interface TelemetrySettings extends Omit<WrittenTelemetry, "endpoint"> {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Names in lower case. Values may be secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
const HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
const DISABLED = "OTEL_SDK_DISABLED";

interface Found {
  /** Null: nothing is sent. */
  readonly telemetry: TelemetrySettings | null;
  /** Told to nobody, and taken out of the environment. */
  readonly secrets: readonly string[];
  readonly fault: { readonly path: Path; readonly sentence: string } | null;
}

const NONE: Found = { telemetry: null, secrets: [], fault: null };

export const telemetrySettings = (written: WrittenTelemetry | undefined, lookup: Lookup): Found => {
  if (lookup(DISABLED)?.toLowerCase() === "true") return NONE;
  const ofVariable = lookup(ENDPOINT);
  const endpoint = written?.endpoint ?? ofVariable;
  if (endpoint === undefined) {
    const sentence = `has no endpoint: name the collector's address there, or in ${ENDPOINT}`;
    return written === undefined ? NONE : { ...NONE, fault: { path: ["telemetry"], sentence } };
  }
  if (written?.endpoint === undefined && !urlSchema.safeParse(endpoint).success) {
    const sentence = `${ENDPOINT} is no http or https URL without a password: correct it, or set ${DISABLED}=true`;
    return { ...NONE, fault: { path: ["telemetry"], sentence } };
  }
  const listed = lookup(HEADERS);
  const headers = { ...listedHeaders(listed ?? ""), ...lowerCased(written?.headers ?? {}) };
  const secrets = [...(listed === undefined ? [] : [listed]), ...Object.values(headers).flatMap(secretsIn)];
  if (Object.keys(headers).length > 0 && /^http:/i.test(endpoint) && targetClass(endpoint) !== "loopback") {
    const sentence =
      "sends headers over plain http, and anybody on the way can read them: use https, or leave headers out";
    return { telemetry: null, secrets, fault: { path: ["telemetry"], sentence } };
  }
  const { traces, slowMs, traceContext } = written ?? DEFAULTS;
  return {
    telemetry: { endpoint: endpoint.replace(/\/+$/, ""), headers, traces, slowMs, traceContext },
    secrets,
    fault: null,
  };
};

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
