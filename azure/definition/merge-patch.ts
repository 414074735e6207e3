/** Whether a merge patch (RFC 7396) would change anything. */

/**
 * @param remote what the patch would be applied to
 * @param defaults by property: what its absence means to the service
 */
export const changesNothing = (
  patch: unknown,
  remote: unknown,
  defaults: Readonly<Record<string, unknown>>,
): boolean => {
  if (isMap(patch)) {
    return Object.entries(patch).every(([key, value]) => {
      const there = isMap(remote) ? remote[key] : undefined;
      return changesNothing(value ?? defaults[key], there ?? defaults[key], defaults);
    });
  }
  if (Array.isArray(patch) && Array.isArray(remote) && patch.length === remote.length) {
    return patch.every((item, at) => changesNothing(item, remote[at], defaults));
  }
  if (isResourceId(patch) && isResourceId(remote)) return patch.toLowerCase() === remote.toLowerCase();
  return isNothing(patch) ? isNothing(remote) : patch === remote;
};

const isNothing = (value: unknown): boolean => value == null || (Array.isArray(value) && value.length === 0);

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Azure gives them back in its own case. */
const isResourceId = (value: unknown): value is string =>
  typeof value === "string" && /^\/subscriptions\//i.test(value);
