/** How a server is reached: its transport, the connections that its users make, or the process that it is. */
import * as z from "zod";
import { proxyFault } from "./proxy.ts";
import { section } from "./section.ts";
import { variableName } from "./variable-name.ts";

export const TRANSPORTS = ["streamable-http", "sse", "stdio"] as const;

export const transportSchema = z
  .enum(TRANSPORTS, `must be one of ${TRANSPORTS.join(", ")}`)
  .default("streamable-http")
  .meta({
    description: "`sse` (2024-11-05) and `stdio` are for servers that have nothing else: their times are coarser.",
    examples: ["sse"],
  });

const POOLS = ["shared", "user"] as const;
const FAMILIES = ["any", "ipv4", "ipv6"] as const;

const PROXY_RULE = "must be none, env, or a URL such as http://proxy.example:3128";

export const connectionsSchema = section({
  pool: z
    .enum(POOLS, `must be one of ${POOLS.join(", ")}`)
    .default("shared")
    .meta({
      description: "`user`: each session has connections of its own, as separate clients would.",
      examples: ["user"],
    }),
  http2: z
    .boolean("must be true or false")
    .default(false)
    .meta({ description: "Offers HTTP/2 in the TLS handshake and speaks it where the server does.", examples: [true] }),
  proxy: z
    .string(PROXY_RULE)
    .max(2000, "must be at most 2000 characters long")
    .superRefine((text, context) => {
      const fault = proxyFault(text);
      if (fault !== null) context.addIssue({ code: "custom", message: fault === "" ? PROXY_RULE : fault });
    })
    .default("none")
    .meta({
      description:
        "`env`: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say; or the address of one. By default none is used.",
      examples: ["env", "http://proxy.example:3128"],
    }),
  family: z
    .enum(FAMILIES, `must be one of ${FAMILIES.join(", ")}`)
    .default("any")
    .meta({ description: "Which addresses of a name are used.", examples: ["ipv6"] }),
})
  .prefault({})
  .meta({ description: "The connections to the server (docs/connections.md).", examples: [{ pool: "user" }] });

const COMMAND_RULE = "must be the name or the path of a program";

const TEXT_RULE = "must be text (put a number into quotes)";

export const stdioSchema = section({
  command: z
    .string(COMMAND_RULE)
    .min(1, COMMAND_RULE)
    .max(4096, "must be at most 4096 characters long")
    .meta({ description: "The program. It is started without a shell, once for each session.", examples: ["npx"] }),
  args: z
    .array(z.string(TEXT_RULE).max(4096, "must be at most 4096 characters long"), "must be a list of texts")
    .max(100, "must be at most 100 arguments")
    .default([])
    .meta({ description: "Its arguments.", examples: [["-y", "@modelcontextprotocol/server-everything"]] }),
  env: z
    .record(
      variableName("must be the name of a variable"),
      z.string(TEXT_RULE).max(32_768, "must be at most 32768 characters long"),
      "must be a map of names and values",
    )
    .default({})
    .meta({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself
      description: "Its environment beside PATH, HOME and the like. A secret value is written as ${NAME}.",
      examples: [{ LOG_LEVEL: "warn" }],
    }),
  cwd: z
    .string("must be the path of a folder")
    .min(1, "must be the path of a folder")
    .max(4096, "must be at most 4096 characters long")
    .optional()
    .meta({
      description: "The folder it runs in, relative to loadtest.yaml, whose folder is the default.",
      examples: ["servers"],
    }),
})
  .optional()
  .meta({ description: "The server as a process, for `transport: stdio`.", examples: [{ command: "my-server" }] });
