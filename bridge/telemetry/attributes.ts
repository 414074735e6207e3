/**
 * What a name of the statistics says, in OpenTelemetry's words. Its conventions for MCP are in development: this is the one
 * place that knows them.
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/
 */

/** `server:method[:target]` */
const NAME = /^([^:]+):([^:]+)(?::(.*))?$/s;

const TARGET_ATTRIBUTES: Readonly<Record<string, string>> = {
  "tools/call": "gen_ai.tool.name",
  "prompts/get": "gen_ai.prompt.name",
};

/** The conventions have a name of their own for a tool that says `isError`; the other kinds are ours. */
export const errorType = (outcome: string): string => (outcome === "tool-error" ? "tool_error" : outcome);

export interface NameInWords {
  /** `tools/call search` */
  readonly title: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export const nameInWords = (name: string): NameInWords => {
  const [, server, method, target] = NAME.exec(name) ?? [];
  if (server === undefined || method === undefined) return { title: name, attributes: { "swarmbridge.name": name } };
  const key = target === undefined ? undefined : TARGET_ATTRIBUTES[method];
  return {
    title: key === undefined ? method : `${method} ${target}`,
    attributes: {
      "mcp.method.name": method,
      ...(key !== undefined && target !== undefined && { [key]: target }),
      ...(method === "tools/call" && { "gen_ai.operation.name": "execute_tool" }),
      "swarmbridge.server": server,
      "swarmbridge.name": name,
    },
  };
};
