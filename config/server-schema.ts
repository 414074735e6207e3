/** One entry under `servers` in `loadtest.yaml`: its keys, what each may be, its defaults, and what it is for. */

import * as z from "zod";
import packageJson from "../package.json" with { type: "json" };
import { canarySchema } from "./canary-schema.ts";
import { connectionsSchema, stdioSchema, transportSchema } from "./connections-schema.ts";
import type { RunParts } from "./file-parts.ts";
import { headersSchema } from "./headers-schema.ts";
import { memorySchema } from "./memory-schema.ts";
import { byteSize, duration, percent } from "./quantity-schema.ts";
import { section } from "./section.ts";
import { RESULTS, REVISIONS } from "./settings.ts";
import { transportFaults } from "./transport-faults.ts";
import { urlSchema } from "./url-schema.ts";

const text = (rule: string, most = 200) =>
  z.string(rule).min(1, rule).max(most, `must be at most ${most} characters long`);

const flag = () => z.boolean("must be true or false").default(false);

const limit = (normally: string, description: string) =>
  duration()
    .prefault(normally)
    .meta({ description, examples: [normally] });

const limits = section({
  connect: limit("10s", "Name look-up, TCP connect and TLS handshake."),
  initialize: limit("30s", "The MCP handshake."),
  call: limit("60s", "One tools/call, resources/read, prompts/get, completion/complete or ping."),
  list: limit("30s", "One list of tools, resources or prompts, all its pages together."),
  close: limit("5s", "The DELETE at a session's end."),
})
  .prefault({})
  .meta({
    description: "How long each wait may take at most. What takes longer ends as `timeout`.",
    examples: [{ call: "120s" }],
  });

const client = section({
  name: text("must be a name").default("swarmbridge").describe("`clientInfo.name` of the handshake."),
  version: text("must be text (put it into quotes)")
    .default(packageJson.version)
    .describe("`clientInfo.version` of the handshake."),
})
  .prefault({})
  .meta({
    description: "How the client introduces itself to the server.",
    examples: [{ name: "perf-test", version: "1.0" }],
  });

const pemFile = (description: string) =>
  text("must be the path of a PEM file", 4096)
    .optional()
    .meta({ description, examples: ["certs/ca.pem"] });

const tls = section({
  ca: pemFile("Certificates to trust instead of the usual ones. Relative to loadtest.yaml, like the other two."),
  cert: pemFile("The client's certificate."),
  key: pemFile("The private key of `cert`."),
})
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), "needs cert and key together, or neither")
  .prefault({})
  .meta({ description: "Own certificates.", examples: [{ ca: "certs/ca.pem" }] });

const answers = section({
  roots: z
    .array(
      section({
        uri: text("must be a file:// URI", 2000)
          .regex(/^file:\/\//, "must be a file:// URI")
          .describe("Where the root is."),
        name: text("must be a name").optional().describe("What a person calls it."),
      }),
      "must be a list of { uri, name }",
    )
    .default([])
    .meta({ description: "The answer to `roots/list`.", examples: [[{ uri: "file:///work", name: "work" }]] }),
  sampling: text("must be text", 100_000)
    .nullable()
    .default(null)
    .meta({
      description: "The text of every answer to `sampling/createMessage`. Absent: refused.",
      examples: ["Fine."],
    }),
  elicitation: z
    .union(
      [
        z.literal("defaults"),
        z.record(z.string(), z.union([z.string(), z.number(), z.boolean()], "must be text, a number, true or false")),
      ],
      "must be defaults, or a map of fields and values",
    )
    .nullable()
    .default(null)
    .meta({
      description:
        "What every `elicitation/create` is accepted with; `defaults` takes the schema's own. Absent: declined.",
      examples: ["defaults", { confirm: true }],
    }),
})
  .prefault({})
  .meta({
    description: "What the client answers when the server asks it something.",
    examples: [{ sampling: "Fine." }],
  });

const slo = section({
  p95: duration()
    .optional()
    .meta({ description: "95 % of the tool calls are faster than this.", examples: ["2s"] }),
  p99: duration()
    .optional()
    .meta({ description: "99 % of the tool calls are faster than this.", examples: ["5s"] }),
  errors: percent()
    .optional()
    .meta({ description: "The largest share of failures.", examples: ["1%"] }),
})
  .nullable()
  .default(null)
  .meta({
    description: "What you promise or expect of this server. Reports show it beside the measured values.",
    examples: [{ p95: "2s", errors: "1%" }],
  });

const USERS_RULE = "must be a whole number of at least 1";
const RATE_RULE = "must be a number above 0";

const allow = section({
  users: z.int(USERS_RULE).min(1, USERS_RULE).describe("Most users at the same time, in all processes together."),
  callsPerSecond: z
    .number(RATE_RULE)
    .positive(RATE_RULE)
    .describe("Most operations a second, of all users and processes together."),
})
  .nullable()
  .default(null)
  .meta({
    description:
      "Your word that the owner of a public server is fine with this much. Without it a public target gets 17 users and 3 calls a second in all.",
    examples: [{ users: 100, callsPerSecond: 50 }],
  });

const WEIGHT_RULE = "must be a number of at least 0";

export const serverSchema = ({ auth, traffic }: Pick<RunParts, "auth" | "traffic">) =>
  section({
    url: urlSchema.optional(),
    transport: transportSchema,
    stdio: stdioSchema,
    protocol: z
      .enum(["auto", ...REVISIONS], `must be auto or one of ${REVISIONS.join(", ")}`)
      .default("auto")
      .meta({
        description: "The revision of MCP to speak; `auto` negotiates the newest that both know.",
        examples: ["auto", "2025-11-25"],
      }),
    auth,
    weight: z
      .number(WEIGHT_RULE)
      .min(0, WEIGHT_RULE)
      .max(1_000_000, "must be at most 1000000")
      .default(1)
      .meta({
        description: "This server's share of the users in `multi.py`, relative to the other weights. 0: none.",
        examples: [4],
      }),
    traffic,
    trafficOf: text("must be the name of another server", 41)
      .optional()
      .meta({
        description:
          "Has the users of that server, too, half of them each: what the two differ in, `swarmbridge compare --ab` says after the run.",
        examples: ["learn"],
      }),
    headers: headersSchema,
    connections: connectionsSchema,
    getStream: flag().describe("Opens the standalone GET stream after the handshake (revisions up to 2025-11-25)."),
    limits,
    maxAnswer: byteSize()
      .prefault("64MB")
      .meta({ description: "The largest answer that is taken; a larger one ends as `too-large`.", examples: ["64MB"] }),
    results: z
      .enum(RESULTS, `must be one of ${RESULTS.join(", ")}`)
      .default("kept")
      .meta({
        description:
          "What becomes of results where the test does not say: kept for it, hashed (`sha256` and length), or dropped. A large result that is not kept is never held in memory.",
        examples: ["dropped"],
      }),
    client,
    tls,
    cookies: flag().describe(
      "Sends a server's cookies back, each session its own: load balancers with session affinity.",
    ),
    answers,
    canary: canarySchema,
    memory: memorySchema,
    slo,
    allow,
  }).superRefine((entry, context) => {
    for (const { key, message } of transportFaults(entry)) context.addIssue({ code: "custom", path: [key], message });
    const {
      auth: { strategy },
      headers,
    } = entry;
    const own = Object.keys(headers).find((name) => name.toLowerCase() === "authorization");
    if (own === undefined || strategy === "none") return;
    context.addIssue({ code: "custom", path: ["headers", own], message: "is set by auth already: use one of the two" });
  });

export type ServerEntry = z.output<ReturnType<typeof serverSchema>>;
