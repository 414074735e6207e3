/** Where a run was made and what it called, as hashes: two runs that differ in it differ in more than the build. */
import { createHash } from "node:crypto";
import type { RunFile } from "../../record/run-file.ts";
import type { RunFigures } from "./run-figures.ts";

const ID_LENGTH = 12;

export const madeAt = (file: RunFile): Pick<RunFigures, "place" | "machines" | "origins"> => ({
  place: file.origin === undefined ? "local" : "azure",
  ...(file.origin === undefined && machinesOf(file)),
  origins: Object.fromEntries(
    Object.entries(file.servers).flatMap(([name, server]) => {
      const hash = originHash(server);
      return hash === null ? [] : [[name, hash]];
    }),
  ),
});

/** @returns nothing where a part of the run does not tell, as in older records */
const machinesOf = ({ clock, parts }: RunFile): Pick<RunFigures, "machines"> => {
  const clocks = parts.length === 0 ? [clock] : parts.map((part) => part.clock);
  const known = clocks.filter((each) => each !== undefined);
  return known.length < clocks.length ? {} : { machines: [...new Set(known)].sort() };
};

/** @returns null for loopback, where a test server has another port each time, and for what is no address */
const originHash = ({ url, targetClass }: Readonly<Record<string, unknown>>): string | null => {
  if (typeof url !== "string" || targetClass === "loopback" || !URL.canParse(url)) return null;
  return createHash("sha256").update(new URL(url).origin).digest("hex").slice(0, ID_LENGTH);
};
