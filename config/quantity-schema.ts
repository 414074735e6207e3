/** Values with a unit: each is one short text in the file and one number in the settings. */

import * as z from "zod";
import { BYTE_SIZE, parseByteSize } from "./byte-size.ts";
import { DURATION, parseDuration } from "./duration.ts";

/** The histograms reach to one hour, so no limit of what is measured may be longer (docs/measurement.md). */
const LONGEST_MEASURED = "60m";

const LARGEST_BYTES = 1024 ** 3;

const PERCENT = /^(\d{1,3}(?:\.\d{1,3})?)%$/;

/**
 * Milliseconds from a text such as `10s`.
 * @param longest what ends no measured time may be longer than an hour: `12h`
 */
export const duration = (longest = LONGEST_MEASURED) => {
  const rule = `must be a time such as 250ms, 10s or 2m, from 1ms to ${longest}`;
  const to = parseDuration(longest) ?? 0;
  return z
    .string({ error: rule })
    .regex(DURATION, rule)
    .transform((text, context) => inRange(parseDuration(text), { from: 1, to, rule, context }));
};

const SIZE_RULE = "must be a size such as 512KB, 64MB or 1GB, at most 1GB";

/** Bytes from a text such as `64MB`. */
export const byteSize = () =>
  z
    .string({ error: SIZE_RULE })
    .regex(BYTE_SIZE, SIZE_RULE)
    .transform((text, context) =>
      inRange(parseByteSize(text), { from: 1, to: LARGEST_BYTES, rule: SIZE_RULE, context }),
    );

const PERCENT_RULE = "must be a share such as 1% or 0.5%, from 0% to 100%";

/** A number from 0 to 100 from a text such as `0.5%`. */
export const percent = () =>
  z
    .string({ error: PERCENT_RULE })
    .regex(PERCENT, PERCENT_RULE)
    .transform((text, context) =>
      inRange(Number(text.slice(0, -1)), { from: 0, to: 100, rule: PERCENT_RULE, context }),
    );

interface Range {
  readonly from: number;
  readonly to: number;
  readonly rule: string;
  readonly context: z.core.$RefinementCtx;
}

const inRange = (value: number | null, { from, to, rule, context }: Range): number => {
  if (value !== null && value >= from && value <= to) return value;
  context.addIssue({ code: "custom", message: rule });
  return z.NEVER;
};
