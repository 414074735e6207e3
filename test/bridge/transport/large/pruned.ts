import { MESSAGE, type Shape } from "../../../../bridge/transport/large/answer-shape.ts";

/** What a scan is to find, said the other way round: from the value that JSON.parse made of the whole text. */
export const prunedMessages = (value: unknown): readonly unknown[] =>
  Array.isArray(value)
    ? value
        .filter((item) => typeof item === "object" && item !== null && !Array.isArray(item))
        .map((item) => pruned(item, MESSAGE))
    : [pruned(value, MESSAGE)];

const pruned = (value: unknown, shape: Shape): unknown => {
  if (typeof value !== "object" || value === null)
    return shape.isWhole === true && typeof value === "string" ? "" : value;
  if (Array.isArray(value)) {
    return shape.first === undefined || value.length === 0 ? [] : [pruned(value[0], shape.first)];
  }
  const members = Object.entries(shape.members ?? {}).filter(([key]) => Object.hasOwn(value, key));
  return Object.fromEntries(
    members.map(([key, inner]) => [key, pruned((value as Record<string, unknown>)[key], inner)]),
  );
};

/** Base64 is kept when it is short, and not when it is long: the same for both. */
export const withoutBinary = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    (key === "data" || key === "blob") && typeof inner === "string" ? "" : inner,
  );
