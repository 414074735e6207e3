import * as z from "zod";

/**
 * A map of `loadtest.yaml` with known keys only. The message of its `unrecognized_keys` issue is the list of the keys
 * it knows (zod's issue does not carry them), which config/faults.ts turns into a "did you mean".
 */
export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? Object.keys(shape).join(KEY_SEPARATOR)
        : `must be a map with the keys ${Object.keys(shape).join(", ")}`,
  });

export const KEY_SEPARATOR = " ";
