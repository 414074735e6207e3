import type { Credentials } from "../auth/credential.ts";
import type { ServerSettings } from "../config/settings.ts";
import type { Guard } from "./guard.ts";
import type { IsolationCount } from "./isolation-count.ts";
import type { McpServer } from "./mcp-session.ts";

/** All that the users of one server share in this bridge. */
export interface ServerLane {
  readonly settings: ServerSettings;
  readonly mcp: McpServer;
  readonly guard: Guard;
  readonly credentials: Credentials;
  readonly isolation: IsolationCount;
}
