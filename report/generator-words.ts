/** What the verdict on the load generator means for the figures. A machine that is busy and one that is late are not the same. */
import { areDelays } from "../record/generator-delays.ts";
import type { GeneratorLevel } from "../record/generator-verdict.ts";
import type { ReportContext } from "./context.ts";
import type { Tone } from "./document.ts";

type Told = Pick<ReportContext, "generator" | "record">;

export const GENERATOR_TONES = {
  ok: "good",
  strained: "warning",
  saturated: "bad",
  unknown: "warning",
} as const satisfies Record<GeneratorLevel, Tone>;

const BUSY = {
  ok: "the machine that made the load kept up, the times are the servers'",
  strained: "the machine that made the load was near its limits, some of the times may be its own",
  saturated: "the machine that made the load was the bottleneck, the times cannot be believed",
  unknown: "nobody can say whether the times are the servers'",
} as const satisfies Record<GeneratorLevel, string>;

/** The delay is in no service time: it makes another load than the planned one. */
const LATE = {
  ...BUSY,
  strained: "some operations came late; that is in no service time, but the load was not quite the planned one",
  saturated: "half of the operations came late: the load is what it could make, and not the planned one",
} as const satisfies Record<GeneratorLevel, string>;

/** Nothing but delays outside of service times made the verdict. */
export const isOnlyLate = ({ generator, record }: Told): boolean => areDelays(record.file, generator.reasons);

export const generatorText = (told: Told): string => (isOnlyLate(told) ? LATE : BUSY)[told.generator.level];
