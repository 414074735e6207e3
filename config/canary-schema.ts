/** Whether the answers of a server are looked through for what other sessions sent (docs/soak.md). */
import * as z from "zod";

const RULE = "must be true, or the name of an argument";

export const canarySchema = z
  .union([z.literal(true), z.string().min(1).max(200)], RULE)
  .nullable()
  .default(null)
  .meta({
    description:
      "Marks every call and looks for the marks of others in its answer: another session's is the failure `leak`. The name of the text argument that a mark is added to; `true` marks only where an argument has the text `{canary}`.",
    examples: ["query", true],
  });
