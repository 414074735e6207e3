/** The limits that a server of a run is held against, and whose they are. */
import { DEFAULT_LIMITS, type Limits, limitsSet } from "../record/limit-use.ts";
import { ownValue } from "../record/own-value.ts";
import type { RunFile } from "../record/run-file.ts";

type Servers = Pick<RunFile, "servers">;

/** As its entry had them when the run began. */
export const limitsOf = (file: Servers, server: string): Limits => ownLimits(file, server) ?? DEFAULT_LIMITS;

export const hasOwnLimits = (file: Servers, server: string): boolean => ownLimits(file, server) !== null;

const ownLimits = ({ servers }: Servers, server: string): Limits | null => limitsSet(ownValue(servers, server)?.slo);
