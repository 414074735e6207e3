/** What the gate says of a run, as data: for tables, files and exit codes. */

import type { GeneratorVerdict } from "../record/generator-verdict.ts";

/** INVALID: nobody can say whether the run was good. */
export type VerdictResult = "PASSED" | "FAILED" | "INVALID";

/** Azure's words, too. */
export type Status = "passed" | "failed" | "undetermined";

/** `auto-stop`: the run was ended because it failed. `azure`: Azure's own verdict, where no criterion explains it. */
export type RowKind = "client" | "server" | "auto-stop" | "azure";

export interface CriterionResult {
  readonly kind: RowKind;
  /** Without the name: `p95(response_time_ms) > 1000`. */
  readonly criterion: string;
  readonly request: string | null;
  /** What the value is held against; null where there is no number. */
  readonly limit: number | null;
  /** In `unit`; null when undetermined, or when there is no number. */
  readonly actualValue: number | null;
  readonly unit: "ms" | "%" | "/s" | "";
  /** `failed` also when Azure alone says so. */
  readonly status: Status;
  readonly isLocal: boolean;
  /** What Azure measured and said; null where it was not asked. */
  readonly azure: { readonly actualValue: number | null; readonly status: Status } | null;
  /** Why it is undetermined, or what there is to say beside the number. */
  readonly remark: string | null;
}

export interface Verdict {
  readonly result: VerdictResult;
  readonly run: {
    readonly id: string;
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly endReason: string | null;
    readonly seconds: number;
    readonly operations: number;
    readonly failures: number;
  };
  readonly profile: string | null;
  readonly rows: readonly CriterionResult[];
  /** Whether the machine that made the load can be believed: a saturated one makes the run INVALID. */
  readonly generator: GeneratorVerdict;
  /** Why the run cannot be judged, one sentence each. May hold something though the run FAILED. */
  readonly invalid: readonly string[];
  /** What a reader should know, one sentence each. */
  readonly notes: readonly string[];
}
