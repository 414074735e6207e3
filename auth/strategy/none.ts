import * as z from "zod";
import { section } from "../../config/section.ts";
import type { StrategyKind } from "../strategy-kind.ts";

const schema = section({ strategy: z.literal("none").describe("Sends no credential.") });

/** `none`: no credential at all. */
export const none: StrategyKind<z.output<typeof schema>> = {
  schema,
  source: () => ({ fetch: () => Promise.resolve(null) }),
  missing: () => null,
};
