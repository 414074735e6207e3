/** Pauses in `traffic`: a constant, a span to draw from, or how an agent pauses. */

import * as z from "zod";
import { duration } from "../../config/quantity-schema.ts";
import { section } from "../../config/section.ts";

/** Uniform between the two, in ms; a constant has the same twice. */
export interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
}

/** As `agent_like` of Python's `think_time.py` pauses. */
export interface AgentPause {
  readonly short: Pause;
  readonly long: Pause;
  readonly calls: number;
}

const LONGEST = "12h";

const span = (description: string, examples: readonly string[]) =>
  z
    .tuple([duration(LONGEST), duration(LONGEST)], "must be two times such as [1s, 5s]")
    .refine(([from, to]) => from <= to, "must begin with the shorter time")
    .transform(([fromMs, toMs]): Pause => ({ fromMs, toMs }))
    .meta({ description, examples: [examples] });

const constant = duration(LONGEST).transform((ms): Pause => ({ fromMs: ms, toMs: ms }));

const between = span("Drawn anew each time, every length as likely.", ["1s", "5s"]);

const CALLS_RULE = "must be a number of at least 1";

/** The numbers are ours, as in `think_time.py`: no measurement says them. */
const agent = section({
  short: span("Pauses within a thought.", ["200ms", "1s"]).prefault(["200ms", "1s"]),
  long: span("Pauses between two thoughts.", ["5s", "30s"]).prefault(["5s", "30s"]),
  calls: z.number(CALLS_RULE).min(1, CALLS_RULE).default(4).describe("Items in one thought, on average."),
}).meta({
  description: "As an agent: short pauses within a thought, long ones between. The default lengths are ours.",
  examples: [{ long: ["10s", "60s"] }],
});

const nothing = z.literal("none").transform((): Pause => ({ fromMs: 0, toMs: 0 }));

/** A pause without the ways of an agent. */
export const pauseSchema = () =>
  z.union([nothing, constant, section({ between }).transform((given) => given.between)], PAUSE_RULE);

const PAUSE_RULE = "must be none, a time such as 2s, or { between: [1s, 5s] }";

/** Either the one or the other: a pause, or an agent's. */
export const thinkSchema = () =>
  z.union(
    [
      nothing,
      z.literal("agent").transform(() => ({ agent: agent.parse({}) })),
      constant,
      section({ between: between.optional(), agent: agent.optional() })
        .superRefine((given, context) => {
          const isOne = Object.keys(given).length === 1;
          if (!isOne && context.issues.length === 0) context.addIssue({ code: "custom", message: THINK_RULE });
        })
        .transform((given): Pause | { readonly agent: AgentPause } =>
          given.agent === undefined ? (given.between ?? { fromMs: 0, toMs: 0 }) : { agent: given.agent },
        ),
    ],
    THINK_RULE,
  );

const THINK_RULE = "must be none, a time such as 2s, { between: [1s, 5s] }, agent, or { agent: ... }";

export type Think = z.output<ReturnType<typeof thinkSchema>>;
