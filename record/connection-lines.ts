/** What a server's connections did, where they were not the usual ones or went wrong, and over what they were made. */

import { countText } from "./duration-text.ts";
import type { ConnectionsRecord } from "./facts/connections.ts";
import { ownValue } from "./own-value.ts";
import { indented, type Page } from "./page.ts";
import type { RunFile } from "./run-file.ts";
import { printable } from "./text-table.ts";

/** As the record's description of a server has it (config's `describe`). */
interface Described {
  readonly transport?: unknown;
  readonly getStream?: unknown;
  readonly connections?: { readonly pool?: unknown; readonly http2?: unknown; readonly proxy?: unknown } | undefined;
}

/** @returns nothing for a server over the usual connections, all of which could be made */
export const connectionLines = (server: string, file: RunFile, { columns, paint }: Page): string[] => {
  const settings = (ownValue(file.servers, server) ?? {}) as Described;
  const found = ownValue(file.facts.connections, server);
  const isOlder = settings.transport === "sse" || settings.transport === "stdio";
  const coarse = isOlder ? [`over ${settings.transport}: its times are coarser than those of streamable-http`] : [];
  const counts = found !== undefined && (isUnusual(settings) || Object.keys(found.failed).length > 0);
  const hasFailed = Object.keys(found?.failed ?? {}).length > 0;
  return [
    ...coarse.flatMap((text) => indented(text, columns).map((line) => paint("yellow", line))),
    ...(counts
      ? indented(`connections: ${textsOf(found).join(", ")}`, columns).map((line) =>
          paint(hasFailed ? "yellow" : "dim", line),
        )
      : []),
  ];
};

const isUnusual = ({ transport, getStream, connections }: Described): boolean =>
  (transport ?? "streamable-http") !== "streamable-http" ||
  getStream === true ||
  connections?.pool === "user" ||
  connections?.http2 === true ||
  typeof connections?.proxy === "string";

const textsOf = ({ opened, reused, peakOpen, peakStreams, closedByServer, failed }: ConnectionsRecord): string[] => [
  `${openedText(opened)} opened`,
  `peak ${countText(peakOpen)}`,
  `used again ${countText(reused)} times`,
  ...(peakStreams > 0 ? [`up to ${countText(peakStreams)} streams held open`] : []),
  ...(closedByServer > 0 ? [`${countText(closedByServer)} closed by the server`] : []),
  ...Object.entries(failed).map(([code, times]) => `${countText(times)} not made (${printable(code)})`),
];

/** `40 h2`, or `2 http/1.1 and 38 h2`. */
const openedText = (opened: ConnectionsRecord["opened"]): string => {
  const kinds = Object.entries(opened);
  if (kinds.length === 0) return "none";
  return kinds.map(([protocol, times]) => `${countText(times)} ${protocol}`).join(" and ");
};
