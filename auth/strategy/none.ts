import * as z from "zod";
import { section } from "../../config/section.ts";
import type { StrategyKind } from "../strategy-kind.ts";

const schema = section({
  strategy: z.literal("none").describe("Sends no credential."),
  allowPlainHttp: z
    .boolean("must be true or false")
    .optional()
    .describe("true: secret headers (and MCP_TOKEN) may go over plain http to a server that is not on this machine."),
});

/** `none`: no credential at all. */
export const none: StrategyKind<z.output<typeof schema>> = {
  schema,
  source: () => ({ fetch: () => Promise.resolve(null) }),
  missing: () => null,
};
