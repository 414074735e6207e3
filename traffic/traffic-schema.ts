/** The `traffic` key of a server in `loadtest.yaml`: what its users do, as data instead of a Python file. docs/traffic.md. */

import * as z from "zod";
import { duration } from "../config/quantity-schema.ts";
import { section } from "../config/section.ts";
import { itemSchema, type MixItem } from "./mix/item-schema.ts";
import { type Pause, pauseSchema, type Think, thinkSchema } from "./mix/pause-schema.ts";

/**
 * As the bridge hands it to Python (docs/link-protocol.md, `settings`). Times in milliseconds. No interface: config knows it
 * as a map, which an interface is not.
 */
export type Traffic = {
  /** null: every tool that says it only reads, evenly, with arguments from its schema. */
  readonly mix: readonly MixItem[] | null;
  /** Between two items; inside a burst when there are bursts. */
  readonly think: Think;
  readonly burst: {
    readonly idle: Pause;
    readonly items: readonly [number, number];
    readonly turn: string | null;
  } | null;
  /** Tools that may be called with made arguments though they do not say that they only read. */
  readonly allow: readonly string[];
  readonly seed: number;
  /** null: as long as the user; `fromMs: 0`: one item. */
  readonly sessionLifetime: Pause | null;
  readonly arrivalsPerSecond: number | null;
  readonly arrivals: { readonly byChance: boolean; readonly of: "items" | "sessions"; readonly limitMs: number };
};

const MIX_RULE = "must be a list of items such as [{ call: search, weight: 8 }]";
const ITEMS_RULE = "must be two whole numbers such as [3, 8], the smaller one first, from 1";
const TURN_RULE = "must be a name of 1 to 60 letters, digits, spaces, . _ and -";
const SEED_RULE = "must be a whole number from 0 to 4294967295";
const RATE_RULE = "must be a number above 0";
const NAMES_RULE = "must be a list of tools' names";
const LIFETIME_RULE = "must be a time such as 60s, { between: [10s, 300s] }, or item";

const mix = z
  .array(itemSchema(), MIX_RULE)
  .min(1, MIX_RULE)
  .max(200, "must be at most 200 items")
  .refine((items) => items.length === 0 || items.some(({ weight }) => weight > 0), {
    error: "must have an item with a weight above 0",
  })
  .optional()
  .meta({
    description: "What the users do: one item after the other, chosen by weight. Absent: all tools that only read.",
    examples: [
      [
        { call: "search", arguments: { query: "mcp" }, weight: 8 },
        { list: "tools", weight: 2 },
      ],
    ],
  });

/** The default lengths are ours, no measurement says them. */
const burst = section({
  idle: pauseSchema()
    .prefault({ between: ["10s", "60s"] })
    .meta({ description: "The gap before each burst.", examples: [{ between: ["10s", "60s"] }] }),
  items: z
    .tuple([z.int(ITEMS_RULE).min(1, ITEMS_RULE), z.int(ITEMS_RULE).max(1000, ITEMS_RULE)], ITEMS_RULE)
    .refine(([from, to]) => from <= to, ITEMS_RULE)
    .default([3, 8])
    .meta({ description: "How many items of the mix come in one burst: least and most.", examples: [[3, 8]] }),
  turn: z
    .string(TURN_RULE)
    .regex(/^[A-Za-z0-9][\w .-]{0,59}$/, TURN_RULE)
    .optional()
    .meta({ description: "Counts each burst as a turn of this name.", examples: ["burst"] }),
})
  .transform(({ idle, items, turn = null }) => ({ idle, items, turn }))
  .optional()
  .meta({
    description: "Idle gaps, then several items of the mix in quick succession: `{}` takes lengths of ours.",
    examples: [{ idle: { between: ["10s", "60s"] }, items: [3, 8] }],
  });

const arrivals = section({
  byChance: z
    .boolean("must be true or false")
    .default(false)
    .describe("Starts come as strangers do (a Poisson process), instead of evenly."),
  of: z
    .enum(["items", "sessions"], "must be items or sessions")
    .default("items")
    .describe("What arrives: items of users that keep their session, or sessions of one item each."),
  limit: duration()
    .prefault("1s")
    .describe("How long a planned start may wait for a free user before it counts as `dropped`."),
})
  .transform(({ byChance, of, limit }) => ({ byChance, of, limitMs: limit }))
  .optional()
  .meta({ description: "More about `arrivalsPerSecond`.", examples: [{ byChance: true }, { of: "sessions" }] });

/** Of a plan that says nothing more. The limit is that of users in Python. */
const USUAL_ARRIVALS = { byChance: false, of: "items", limitMs: 1000 } as const;

export const trafficSchema = section({
  mix,
  think: thinkSchema()
    .optional()
    .meta({
      description: "The pause between two items, drawn anew each time; inside a burst between its items.",
      examples: [{ between: ["1s", "5s"] }, "agent", "none"],
    }),
  burst,
  allow: z
    .array(z.string(NAMES_RULE).min(1, NAMES_RULE).max(200, NAMES_RULE), NAMES_RULE)
    .default([])
    .meta({
      description: "Tools that may be called with made arguments although they do not say that they only read.",
      examples: [["create_draft"]],
    }),
  seed: z
    .int(SEED_RULE)
    .min(0, SEED_RULE)
    .max(0xffff_ffff, SEED_RULE)
    .default(1)
    .meta({ description: "The same seed makes the same choices and arguments in each run.", examples: [7] }),
  sessionLifetime: z
    .union([pauseSchema(), z.literal("item").transform((): Pause => ({ fromMs: 0, toMs: 0 }))], LIFETIME_RULE)
    .optional()
    .meta({
      description: "After this time a session is replaced by a new one; `item`: each item has one of its own.",
      examples: [{ between: ["10s", "300s"] }, "item"],
    }),
  arrivalsPerSecond: z
    .number(RATE_RULE)
    .positive(RATE_RULE)
    .max(100_000, "must be at most 100000")
    .optional()
    .meta({ description: "Items start at this rate, whether or not earlier ones have ended.", examples: [50] }),
  arrivals,
})
  .superRefine(({ burst, mix, think, arrivalsPerSecond, arrivals }, context) => {
    const report = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (burst?.turn != null && mix?.some(({ turn }) => turn !== null))
      report("burst", "has a turn, and so have items of the mix: turns do not nest");
    if (arrivals !== undefined && arrivalsPerSecond === undefined)
      report("arrivals", "says more about arrivalsPerSecond, which is not there");
    if (arrivalsPerSecond !== undefined && (burst !== undefined || think !== undefined))
      report(
        "arrivalsPerSecond",
        `does not go with ${burst === undefined ? "think" : "burst"}: the plan says when items start`,
      );
  })
  .transform(
    ({
      mix = null,
      think,
      burst = null,
      allow,
      seed,
      sessionLifetime = null,
      arrivalsPerSecond = null,
      arrivals = USUAL_ARRIVALS,
    }): Traffic => ({
      mix,
      think: think ?? (burst === null ? USUAL : NONE),
      burst,
      allow,
      seed,
      sessionLifetime,
      arrivalsPerSecond,
      arrivals,
    }),
  )
  .optional()
  .meta({ description: "What this server's users do, as data. Absent: a Python file says it.", examples: [{}] });

/** As the users of the repository's own locustfiles think. */
const USUAL: Pause = { fromMs: 1000, toMs: 5000 };
const NONE: Pause = { fromMs: 0, toMs: 0 };
