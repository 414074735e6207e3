/** What makes a fault server differ from a healthy one. All hooks are optional: without any, it is healthy. */

export type Tool = "search" | "db-query";

export interface Refusal {
  readonly status: 429 | 503;
  readonly message: string;
  readonly retryAfterS?: number;
}

export interface Fault {
  /** One line for `--help`. */
  readonly about: string;
  /** Does the work of a tool and gives the query that its answer is about. Absent: `healthyWork`. */
  readonly work?: (tool: Tool, query: string) => Promise<string>;
  /** Asked before a tool call reaches MCP. */
  readonly refuseCall?: () => Refusal | null;
  /** Asked before a tool call reaches MCP: true ends its connection without an answer. */
  readonly hangsUpOnCall?: () => boolean;
  /** Asked before anything reaches MCP. */
  readonly refuse?: () => Refusal | null;
  /** How long the port stays closed after the start. */
  readonly closedForMs?: number;
}
