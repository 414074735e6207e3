/** The one notation for time spans in `loadtest.yaml`: a number and its unit, `250ms`, `1.5s`, `2m`, `12h`. */

const MS_PER_UNIT = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

export const DURATION = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/;

/** @returns milliseconds, or null when the text is not a duration */
export const parseDuration = (text: string): number | null => {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * MS_PER_UNIT[unit as keyof typeof MS_PER_UNIT];
};
