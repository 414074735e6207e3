import type { RunRecord } from "../record/read-run.ts";
import type { Finding } from "./finding.ts";

/** @returns what is wrong with the servers of a run, the surest first; empty for healthy ones, and where nothing can be said */
export const diagnose = (_record: RunRecord): readonly Finding[] => [];
