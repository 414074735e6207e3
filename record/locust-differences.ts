/** Whether Locust's own statistics say the same as the record, and where they do not. */

import { countText } from "./duration-text.ts";
import { ownValue } from "./own-value.ts";
import type { RunFile } from "./run-file.ts";
import { sectionOf } from "./section.ts";
import { printable } from "./text-table.ts";

/** Requests and failures by name, as Locust's own statistics have them. */
export type LocustStatistics = Readonly<Record<string, readonly [requests: number, failures: number]>>;

const MOST_DIFFERENCES = 10;

/** @returns nothing when they agree, or are not known. What auth did is not compared: Locust may or may not be told. */
export const locustTexts = (file: RunFile, locust: LocustStatistics | undefined): string[] => {
  if (locust === undefined) return [];
  const names = [...new Set([...Object.keys(file.operations), ...Object.keys(locust)])]
    .filter((name) => sectionOf(name) === "operations")
    .sort();
  const differences = names.flatMap((name) => {
    const { count = 0, failures = 0 } = ownValue(file.operations, name) ?? {};
    const [requests, failed] = ownValue(locust, name) ?? [0, 0];
    if (requests === count && failed === failures) return [];
    return [
      `${printable(name)} ${countText(requests)} (${countText(failed)} failed) against ${countText(count)} (${countText(failures)})`,
    ];
  });
  if (differences.length === 0) return [];
  const isKnown = file.parts.length > 0 && file.endReason?.includes("SIGTERM") === true;
  return [
    `Locust's own statistics differ from this record${isKnown ? ": on SIGTERM Locust loses a worker's last seconds" : ""}:`,
    ...differences.slice(0, MOST_DIFFERENCES),
    ...(differences.length > MOST_DIFFERENCES ? [`and ${differences.length - MOST_DIFFERENCES} further names`] : []),
  ];
};
