import type { ServerSettings } from "../config/settings.ts";

/** Complete settings of one server for a test; `over` says what the test is about. */
export const serverSettings = (over: Partial<ServerSettings> = {}): ServerSettings => ({
  name: "learn",
  url: "http://127.0.0.1:1/mcp",
  transport: "streamable-http",
  connections: { pool: "shared", http2: false, family: "any", proxy: null },
  stdio: null,
  protocol: "auto",
  auth: { strategy: "none" },
  weight: 1,
  getStream: false,
  headers: {},
  limits: { connectMs: 2_000, initializeMs: 5_000, callMs: 5_000, listMs: 5_000, closeMs: 2_000 },
  maxAnswerBytes: 64 * 1024 * 1024,
  results: "kept",
  client: { name: "swarmbridge-test", version: "0" },
  tls: {},
  cookies: false,
  answers: { roots: [], sampling: null, elicitation: null },
  canary: null,
  memory: null,
  slo: null,
  allow: null,
  ...over,
});
