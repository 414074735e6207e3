import * as z from "zod";

/** The transport sets these itself; a second value would break the protocol or the framing. */
const OWN_HEADERS = new Set([
  "accept",
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const NAME_RULE = "must be a header's name";
const VALUE_RULE = "must be text of visible characters (put a number into quotes)";

/** A header set for every request to a server. Names are lower-cased. */
export const headersSchema = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, NAME_RULE) // RFC 9110, section 5.6.2 (token)
      .refine((name) => !OWN_HEADERS.has(name.toLowerCase()), "is a header that the bridge sets itself"),
    z
      .string(VALUE_RULE)
      .max(8192, "must be at most 8192 characters long")
      .regex(/^[\t\x20-\x7e]*$/, VALUE_RULE),
    "must be a map of header names and values",
  )
  .superRefine((headers, context) => {
    const seen = new Set<string>();
    for (const name of Object.keys(headers)) {
      if (seen.has(name.toLowerCase())) {
        context.addIssue({ code: "custom", path: [name], message: "is there twice (header names ignore case)" });
      }
      seen.add(name.toLowerCase());
    }
  })
  .default({})
  .meta({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself
    description: "Headers sent with every request to this server. A secret value is written as ${NAME}.",
    examples: [{ "X-MCP-Toolsets": "repos,issues" }],
  });
