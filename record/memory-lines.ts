/** What became of a server's memory over a run, or that nobody measured it. */

import { countText, durationText } from "./duration-text.ts";
import { MEMORY_PROFILES, type MemoryGrowth, type MemoryProfile, memoryGrowth } from "./memory-growth.ts";
import { ownValue } from "./own-value.ts";
import { indented, type Page } from "./page.ts";
import type { RunRecord } from "./read-run.ts";
import { printable } from "./text-table.ts";
import type { Slope } from "./trend.ts";

/** A run of this length is one from which people expect to hear of leaks. */
const SOAK_MS = 10 * 60_000;

/** @returns nothing for a short run without a source */
export const memoryLines = (server: string, record: RunRecord, { columns, paint }: Page): string[] => {
  const { file } = record;
  const { serverMemory = {} } = file.facts;
  const source = ownValue(serverMemory, server);
  const growth = memoryGrowth(record, server);
  if (growth === null) {
    if (source === undefined && !isSoak(record)) return [];
    const why = source === undefined ? "no `memory` in loadtest.yaml" : (source.why ?? "no reading at full load");
    return indented(`memory: not measured (${printable(why)})`, columns).map((line) => paint("yellow", line));
  }
  const isTooMuch = growth.profiles.quick?.isTooMuch || growth.profiles.strict?.isTooMuch;
  const failed = source === undefined || source.failed === 0 ? "" : `; ${countText(source.failed)} readings failed`;
  return indented(`memory: ${growthText(growth)}${failed}`, columns).map((line) =>
    paint(isTooMuch ? "yellow" : "dim", line),
  );
};

const isSoak = ({ file }: RunRecord): boolean =>
  file.plan.shape === "soak" || Date.parse(file.endedAt ?? file.updatedAt) - Date.parse(file.startedAt) >= SOAK_MS;

export const growthText = (growth: MemoryGrowth): string => {
  const { firstBytes, lastBytes, calls, spanMs, perCall, perMinute } = growth;
  const facts = [
    `${mbText(firstBytes)} to ${mbText(lastBytes)} MB over ${countText(Math.round(calls))} calls in ${durationText(spanMs)}`,
  ];
  if (perCall === null || perMinute === null) return `${facts[0]}; too few readings for a trend`;
  facts.push(`${slopeText(perCall, 1_000)} MB per 1,000 calls`, `${slopeText(perMinute, 1)} MB a minute`);
  for (const name of Object.keys(MEMORY_PROFILES) as MemoryProfile[]) facts.push(profileText(name, growth));
  return facts.join("; ");
};

const profileText = (name: MemoryProfile, { profiles }: MemoryGrowth): string => {
  const { calls, bytes } = MEMORY_PROFILES[name];
  const verdict = profiles[name];
  const rule = `${mbText(bytes)} MB per ${countText(calls)} calls`;
  if (verdict === null) return `${name} (${rule}): too few calls`;
  return `${name} (${rule}): ${verdict.isTooMuch ? "too much" : "within"}, ${mbText(verdict.bytes)} MB`;
};

/** `+1.2 (95% 0.8 to 1.5)`. */
const slopeText = ({ slope, low, high }: Slope, times: number): string =>
  `${slope < 0 ? "" : "+"}${mbText(slope * times)} (95% ${mbText(low * times)} to ${mbText(high * times)})`;

export const mbText = (bytes: number): string => {
  const mb = bytes / 1e6;
  const text = countText(Math.abs(mb) < 10 ? Math.abs(Math.round(mb * 10) / 10) : Math.round(Math.abs(mb)));
  return mb < 0 && text !== "0" ? `-${text}` : text;
};
