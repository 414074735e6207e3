/** Nothing of Azure's nests deeper. JSON's own reader takes any depth; what walks the value afterwards does not. */
const DEEPEST = 50;

/**
 * A JSON value without the keys that are null: the planes write null for what is not there, or leave it out.
 * @throws {RangeError} when it nests deeper than anything of Azure's
 */
export const withoutNulls = (value: unknown, depth = 0): unknown => {
  if (depth > DEEPEST) throw new RangeError("it nests too deeply");
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const kept: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) if (item !== null) kept[key] = withoutNulls(item, depth + 1);
  return kept;
};
