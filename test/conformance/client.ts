import type { Connection, Ended } from "./connection.ts";
import { linkConnection } from "./link-connection.ts";
import { type CredentialContext, credentialOf } from "./scenario-credential.ts";

/**
 * The client that the conformance suite starts: `client.ts URL`, the scenario in the environment. For most scenarios
 * it is enough to look at all that a server offers and to use each thing once; the others are in the tables.
 */

type Json = Readonly<Record<string, unknown>>;
interface Tool {
  readonly name: string;
  readonly inputSchema: Json;
}

/** What stands in the server's entry of `loadtest.yaml`. */
const ENTRY: Readonly<Record<string, Json>> = {
  "elicitation-sep1034-client-defaults": { getStream: true, answers: { elicitation: "defaults" } },
  "sep-2322-client-request-state": { answers: { elicitation: { confirmed: true } } },
};

/** Arguments that cannot be made up from a tool's schema. */
const ARGUMENTS: Readonly<Record<string, (tool: Tool, tools: readonly Tool[]) => Json>> = {
  "json-schema-2020-12-preservation": (tool, tools) =>
    tool.name === "json_schema_echo" ? { schema: tools.find((other) => other !== tool)?.inputSchema ?? {} } : {},
};

/** Their servers answer no call: what the client does with the listed schemas is all that they look at. */
const LISTED_ONLY = new Set(["json-schema-ref-no-deref"]);

const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? "";
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}") as {
  toolCalls?: readonly { name: string; arguments: Json }[];
} & CredentialContext;

const main = async (url: string): Promise<void> => {
  const isStateless = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION === "2026-07-28";
  const entry = { url, protocol: isStateless ? "2026-07-28" : "auto", ...ENTRY[scenario] };
  const connection = await (scenario.startsWith("auth/") ? authorized(entry) : opened(entry));
  await useTools(connection);
  await useResources(connection);
  await usePrompts(connection);
  await must("close", connection.close());
};

const opened = async (entry: Json, files: Readonly<Record<string, string>> = {}): Promise<Connection> => {
  const connection = await linkConnection(entry, files);
  await must("open", connection.open());
  return connection;
};

/**
 * As a person would do it: the first try is refused, because nobody has said whom the secret is for; the refusal names
 * the issuer that the server names; it is written into `loadtest.yaml` as it stands, and the second try is the test.
 */
const authorized = async (entry: Json): Promise<Connection> => {
  const { auth, files } = credentialOf(context);
  const first = await linkConnection({ ...entry, auth }, files);
  const { reason, detail } = await useUntilRefused(first);
  await first.close();
  const issuer = /says issuer: ([^\s)]+)/.exec(detail)?.[1];
  if (reason !== "auth" || issuer === undefined)
    throw new Error(`not refused for want of an issuer: ${reason} ${detail}`);
  return opened({ ...entry, auth: { ...auth, issuer } }, files);
};

/** Some servers want a credential only after the handshake. */
const useUntilRefused = async (connection: Connection): Promise<Ended> => {
  const ended = await connection.open();
  return ended.reason === null ? connection.call("tools/list", {}) : ended;
};

const useTools = async (connection: Connection): Promise<void> => {
  const { tools } = (await must("tools/list", connection.call("tools/list", {}))) as { tools: readonly Tool[] };
  if (LISTED_ONLY.has(scenario)) return;
  const calls = context.toolCalls ?? tools.map((tool) => ({ name: tool.name, arguments: argumentsFor(tool, tools) }));
  // At once: what belongs to one call must not get into another one.
  await Promise.all(calls.map((call) => must(call.name, connection.call("tools/call", call))));
};

const useResources = async (connection: Connection): Promise<void> => {
  const { result } = await connection.call("resources/list", {});
  for (const { uri } of (result as { resources: readonly { uri: string }[] } | undefined)?.resources ?? NONE) {
    await must(uri, connection.call("resources/read", { uri }));
  }
};

const usePrompts = async (connection: Connection): Promise<void> => {
  const { result } = await connection.call("prompts/list", {});
  for (const { name } of (result as { prompts: readonly { name: string }[] } | undefined)?.prompts ?? NONE) {
    await must(name, connection.call("prompts/get", { name }));
  }
};

/** A server that has no resources or no prompts may refuse to list them. */
const NONE = [] as const;

const SAMPLE_OF_TYPE: Readonly<Record<string, unknown>> = {
  string: "x",
  number: 2,
  integer: 2,
  boolean: true,
  object: {},
  array: [],
};

const argumentsFor = (tool: Tool, tools: readonly Tool[]): Json => {
  const special = ARGUMENTS[scenario];
  if (special !== undefined) return special(tool, tools);
  const properties = (tool.inputSchema.properties ?? {}) as Record<string, { type?: string }>;
  return Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, SAMPLE_OF_TYPE[type ?? ""]]));
};

/** The result of an operation that has to go well. */
const must = async (what: string, ending: Promise<Ended>): Promise<unknown> => {
  const { reason, detail, result } = await ending;
  if (reason !== null) throw new Error(`${what}: ${reason} ${detail}`);
  return result;
};

await main(process.argv.at(-1) ?? "");
