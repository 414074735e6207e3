/**
 * Judges a run record by its failure criteria. A criterion says when a run fails: it is broken when its condition holds
 * exactly as written. Pure: reads the record, and nothing else.
 */

import { nearest } from "../config/nearest.ts";
import type { AzureOutcome } from "../record/azure-outcome.ts";
import { countText } from "../record/duration-text.ts";
import { type GeneratorVerdict, generatorVerdict, isMeasured } from "../record/generator-verdict.ts";
import { hasRows, missingLoad, type Origin } from "../record/origin.ts";
import { plannedServers } from "../record/planned-starts.ts";
import type { RunRecord } from "../record/read-run.ts";
import type { RunFile } from "../record/run-file.ts";
import { sectionOf } from "../record/section.ts";
import type { Condition, Criterion, FailureCriteria, Metric, ServerCriterion } from "./criterion.ts";
import { METRIC_RULES } from "./criterion-rules.ts";
import { criterionText, questionOf, serverCriterionText, serverQuestionOf } from "./criterion-text.ts";
import { droppedSentences } from "./dropped-starts.ts";
import { type Answer, Measured, secondsOf } from "./measured.ts";
import { NO_TOOL_KINDS, profileCriteria } from "./profiles.ts";
import type { CriterionResult, Status, Verdict } from "./verdict.ts";

const HOLDS = {
  ">": (value, limit) => value > limit,
  "<": (value, limit) => value < limit,
  ">=": (value, limit) => value >= limit,
  "<=": (value, limit) => value <= limit,
} as const satisfies Record<Condition, (value: number, limit: number) => boolean>;

/**
 * Metrics that are true of the server also when the generator was saturated: an answer that failed has failed. Times and
 * rates are the generator's own then, so a criterion on them that is broken fails nothing.
 */
const TRUE_WHEN_SATURATED: ReadonlySet<Metric> = new Set<Metric>(["error", "success"]);

/**
 * The result, by the first that applies:
 * 1. FAILED: Azure said so, or the run was ended by auto-stop.
 * 2. INVALID: what is counted is a part of the run: the record is not complete, Azure ended the run before its time, or
 *    some of its engines' load is missing.
 * 3. FAILED: a criterion is broken; of a saturated generator only one on errors.
 * 4. INVALID: nothing was called, the generator was saturated, too many planned starts were dropped, or a criterion could
 *    not be determined.
 * 5. PASSED.
 */
export const judge = (record: RunRecord, criteria: FailureCriteria): Verdict => {
  const { file } = record;
  const { origin } = file;
  const azure = origin?.outcome;
  const all = Object.values(file.operations);
  const operations = all.reduce((sum, { count }) => sum + count, 0);
  const failures = all.reduce((sum, each) => sum + each.failures, 0);
  const isSmoke = criteria.client.length === 0 && (azure?.server.length ?? 0) === 0;
  const client = isSmoke ? profileCriteria("smoke", NO_TOOL_KINDS) : criteria.client;

  const measured = new Measured(record);
  const judged = client.map((criterion) => ({
    metric: criterion.metric,
    row: clientRow(criterion, measured.answer(criterion), { azure, file }),
  }));
  const unanswered = origin === undefined ? [] : unansweredRows(criteria.server, azure);
  const criterionRows = [...judged.map(({ row }) => row), ...serverRows(azure), ...unanswered];
  const endRows = autoStopRows(file);
  const azureRows = azure?.result === "FAILED" && !criterionRows.some(isBroken) ? [AZURE_ROW] : [];
  const rows = [...criterionRows, ...endRows, ...azureRows];

  const generator = generatorVerdict(file);
  const isSaturated = generator.level === "saturated";
  const dropped = droppedSentences(file);
  const incomplete = [
    ...(file.state === "complete" ? [] : [INCOMPLETE]),
    ...(origin === undefined ? [] : cutShort(origin)),
  ];
  const invalid = [
    ...incomplete,
    ...(operations === 0 ? ["there was no operation at all"] : undeterminedSentences(rows)),
    ...(isSaturated ? generatorSentences(generator) : []),
    ...dropped.invalid,
  ];
  const counts = judged.filter(({ metric }) => !isSaturated || TRUE_WHEN_SATURATED.has(metric));
  const broken = [...counts.map(({ row }) => row), ...rows.filter(({ kind }) => kind === "server")].filter(isBroken);

  const hasFailed = azure?.result === "FAILED" || endRows.length > 0 || (incomplete.length === 0 && broken.length > 0);
  return {
    result: hasFailed ? "FAILED" : invalid.length > 0 ? "INVALID" : "PASSED",
    run: {
      id: file.id,
      startedAt: file.startedAt,
      endedAt: file.endedAt,
      endReason: file.endReason,
      seconds: secondsOf(record),
      operations,
      failures,
    },
    profile: isSmoke ? "smoke" : criteria.profile,
    rows,
    generator,
    invalid,
    notes: [
      ...(isSmoke ? ["there are no criteria for this run, so it is judged by the profile smoke"] : []),
      ...(generator.level === "strained" ? generatorSentences(generator) : []),
      ...dropped.notes,
      ...notesOf(record, criteria),
    ],
  };
};

const generatorSentences = ({ level, reasons }: GeneratorVerdict): string[] =>
  reasons.map((sentence) => `the generator was ${level}: ${sentence}`);

const isBroken = ({ status }: CriterionResult): boolean => status === "failed";

const INCOMPLETE = "the record is not complete: the run still goes on, or its process was killed";

/** Whether the record is of a whole run at Azure, as far as Azure and the engines' files say. */
const cutShort = (origin: Origin): string[] => {
  const state = origin.outcome?.state;
  const end =
    state === undefined
      ? [`nobody has asked Azure how the run ended: swarmbridge azure status ${origin.testRunId}`]
      : state === "DONE"
        ? []
        : [`Azure ended the run as ${state}: what would have come is not known`];
  return [...end, ...missingLoad(origin)];
};

const AZURE_ROW: CriterionResult = {
  kind: "azure",
  criterion: "Azure's own verdict",
  request: null,
  limit: null,
  actualValue: null,
  unit: "",
  status: "failed",
  isLocal: false,
  azure: { actualValue: null, status: "failed" },
  remark: "no criterion explains it",
};

interface ClientContext {
  readonly azure: AzureOutcome | undefined;
  readonly file: RunFile;
}

const clientRow = (criterion: Criterion, answer: Answer, { azure, file }: ClientContext): CriterionResult => {
  const { condition, value: limit, request, isLocal, metric } = criterion;
  const theirs = isLocal
    ? undefined
    : azure?.client.find((each) => questionOf(each) === questionOf(criterion) && each.value === limit);
  const ours: Status = "why" in answer ? "undetermined" : HOLDS[condition](answer.value, limit) ? "failed" : "passed";
  return {
    kind: "client",
    criterion: criterionText(criterion),
    request,
    limit,
    actualValue: "why" in answer ? null : answer.value,
    unit: METRIC_RULES[metric].unit,
    status: ours === "undetermined" || theirs?.result === "failed" ? (theirs?.result ?? ours) : ours,
    isLocal,
    azure: theirs === undefined ? null : { actualValue: theirs.actualValue, status: theirs.result },
    remark: "why" in answer ? answer.why + meantName(request, file) : differs(ours, theirs?.result),
  };
};

const differs = (ours: Status, theirs: Status | undefined): string | null =>
  theirs === undefined || theirs === "undetermined" || theirs === ours ? null : `${ours} by our own times`;

const meantName = (request: string | null, file: RunFile): string => {
  if (request === null) return "";
  const section = sectionOf(request);
  if (section !== "operations" && hasRows(file.origin)) return " in the service's rows, which have operations alone";
  const known = file[section];
  if (Object.hasOwn(known, request)) return "";
  const meant = nearest(request, Object.keys(known));
  return meant === null ? " of this name" : ` of this name; did you mean ${meant}?`;
};

/** Configured now and not among what Azure answers: it was not asked, or does not say. */
const unansweredRows = (configured: readonly ServerCriterion[], azure: AzureOutcome | undefined): CriterionResult[] => {
  const answered = new Set(azure?.server.map(serverQuestionOf));
  return configured
    .filter((criterion) => !answered.has(serverQuestionOf(criterion)))
    .map((criterion) => ({
      kind: "server",
      criterion: serverCriterionText(criterion),
      request: null,
      limit: criterion.value,
      actualValue: null,
      unit: "",
      status: "undetermined",
      isLocal: false,
      azure: null,
      remark: "Azure has not judged it in this run",
    }));
};

const serverRows = (azure: AzureOutcome | undefined): CriterionResult[] =>
  (azure?.server ?? []).map(({ actualValue, result, ...criterion }) => ({
    kind: "server",
    criterion: serverCriterionText(criterion),
    request: null,
    limit: criterion.value,
    actualValue,
    unit: "",
    status: result,
    isLocal: false,
    azure: { actualValue, status: result },
    remark: result === "undetermined" ? "Azure could not determine it" : null,
  }));

/** Parts of a run join their reasons with `; `. */
const autoStopRows = ({ endReason }: RunFile): CriterionResult[] => {
  const reason = endReason?.split("; ").find((each) => each.startsWith("auto-stop"));
  if (reason === undefined) return [];
  return [
    {
      kind: "auto-stop",
      criterion: "autoStop",
      request: null,
      limit: null,
      actualValue: null,
      unit: "",
      status: "failed",
      isLocal: true,
      azure: null,
      remark: reason.replace(/^auto-stop(?:: )?/, "") || "the run was ended before its time",
    },
  ];
};

const undeterminedSentences = (rows: readonly CriterionResult[]): string[] =>
  rows
    .filter(({ status }) => status === "undetermined")
    .map(({ criterion, request, remark }) => `${request === null ? "" : `${request}: `}${criterion}: ${remark}`);

const notesOf = ({ file, damage }: RunRecord, criteria: FailureCriteria): string[] => {
  const all = Object.values(file.operations);
  const cancelled = all.reduce((sum, { outcomes }) => sum + (outcomes.cancelled?.count ?? 0), 0);
  const lost = file.gaps.reduce((sum, { lostLatencies }) => sum + lostLatencies, 0);
  const planned = plannedServers(file);
  const unasked = file.origin === undefined ? criteria.server.length : 0;
  return [
    ...(cancelled === 0
      ? []
      : [
          `${countText(cancelled)} of the failures were cut off by the end of the run or by the test itself; they count, as they do for Locust`,
        ]),
    ...(lost === 0 ? [] : [`${countText(lost)} operations are counted and have no times (a bridge was lost)`]),
    ...(planned.size === 0
      ? []
      : [`times of ${[...planned].join(", ")} count from the planned start, as Locust's do under an arrival rate`]),
    ...(isMeasured(file) ? [] : ["nobody measured whether the generator was saturated"]),
    ...(unasked === 0
      ? []
      : [`${countText(unasked)} criteria on metrics of Azure resources are not judged: only a run at Azure has them`]),
    ...(file.origin?.outcome?.result === null ? ["Azure has not given a verdict"] : []),
    ...damage.map((sentence) => `the record is damaged: ${sentence}`),
  ];
};
