/** Where a server's memory is read, since nobody sees it from outside (docs/soak.md). */
import * as z from "zod";
import { isSeries } from "./metric-series.ts";
import { duration } from "./quantity-schema.ts";
import { section } from "./section.ts";
import { urlSchema } from "./url-schema.ts";

const SOURCES = ["pid", "port", "container", "prometheus", "json", "file"] as const;
const SOURCE_RULE = `needs exactly one of ${SOURCES.join(", ")}`;

const PID_RULE = "must be the number of a process";
const METRIC_RULE = 'must be the name of a metric, with labels as in heap_bytes{space="old"}';
const PORT_RULE = "must be a port, 1 to 65535";

/** Options of one source, and of no other. */
const BELONGS = { metric: "prometheus", pointer: "json", key: "file" } as const;

const url = (description: string, example: string) => urlSchema.optional().meta({ description, examples: [example] });

const text = (rule: string, { description, example }: { readonly description: string; readonly example: string }) =>
  z
    .string(rule)
    .min(1, rule)
    .max(2000, "must be at most 2000 characters long")
    .optional()
    .meta({ description, examples: [example] });

export const memorySchema = section({
  pid: z
    .int(PID_RULE)
    .min(1, PID_RULE)
    .optional()
    .meta({ description: "A process of this machine.", examples: [1234] }),
  port: z
    .int(PORT_RULE)
    .min(1, PORT_RULE)
    .max(65_535, PORT_RULE)
    .optional()
    .meta({ description: "The processes of this machine that listen on this port.", examples: [3000] }),
  container: z
    .string("must be the name of a container")
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,200}$/, "must be the name of a container")
    .optional()
    .meta({ description: "A container of this machine's Docker, by its name or id.", examples: ["my-server"] }),
  prometheus: url("A page of metrics in the Prometheus format.", "http://localhost:3000/metrics"),
  metric: text("must be the name of a metric", {
    description: "Which metric, with labels where it has several. Series that match are added.",
    example: "process_resident_memory_bytes",
  }),
  json: url("A JSON document.", "http://localhost:3000/memory"),
  pointer: text("must be a JSON pointer", {
    description: "Where in the document the number of bytes stands (RFC 6901).",
    example: "/memory/rss",
  }),
  file: text("must be the path of a file", {
    description: "A file with the number of bytes, relative to loadtest.yaml.",
    example: "/sys/fs/cgroup/my-server/memory.current",
  }),
  key: text("must be the name before a value", {
    description: "The line of the file, where it has lines such as `rss=1234` or `VmRSS: 1234 kB`.",
    example: "rss",
  }),
  gc: url(
    "Is sent a POST before the first and the last reading: the server collects its garbage.",
    "http://localhost:3000/gc",
  ),
  every: duration()
    .prefault("1s")
    .refine((ms) => ms >= 100, "must be at least 100ms")
    .meta({ description: "How often it is read.", examples: ["1s"] }),
})
  .superRefine((memory, context) => {
    const issue = (message: string, path: string[] = []) => context.addIssue({ code: "custom", path, message });
    if (SOURCES.filter((source) => memory[source] !== undefined).length !== 1) return issue(SOURCE_RULE);
    for (const [option, source] of Object.entries(BELONGS) as [keyof typeof BELONGS, (typeof SOURCES)[number]][]) {
      if (memory[option] !== undefined && memory[source] === undefined) issue(`belongs to ${source}`, [option]);
    }
    if (memory.metric !== undefined && !isSeries(memory.metric)) issue(METRIC_RULE, ["metric"]);
    if (memory.json !== undefined && !/^(\/.*)?$/.test(memory.pointer ?? "?")) {
      issue("json needs a pointer such as /memory/rss", memory.pointer === undefined ? [] : ["pointer"]);
    }
  })
  .nullable()
  .default(null)
  .meta({
    description: "Where the server's memory is read during a run. Without it memory is not measured.",
    examples: [{ json: "http://localhost:3000/memory", pointer: "/rssBytes" }],
  });
