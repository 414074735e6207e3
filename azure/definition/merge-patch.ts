/** What a merge patch (RFC 7396) would change: the one comparison of a test that is there with the one that is wanted. */

import { isMap } from "../../config/is-map.ts";

/** One value that would be another one. */
export interface Change {
  /** Keys from the outside inwards. */
  readonly path: readonly string[];
  /** As it is, or what its absence means; undefined: nothing. */
  readonly from: unknown;
  /** As it will be, or what its absence means. */
  readonly to: unknown;
}

/**
 * @param remote what the patch would be applied to
 * @param defaults by property: what its absence means to the service
 */
export const changesOf = (
  patch: unknown,
  remote: unknown,
  defaults: Readonly<Record<string, unknown>>,
  path: readonly string[] = [],
): Change[] => {
  if (isMap(patch)) {
    return Object.entries(patch).flatMap(([key, value]) => {
      const there = isMap(remote) ? remote[key] : undefined;
      return changesOf(value ?? defaults[key], there ?? defaults[key], defaults, [...path, key]);
    });
  }
  return isSame(patch, remote) ? [] : [{ path, from: remote, to: patch }];
};

export const changesNothing = (patch: unknown, remote: unknown, defaults: Readonly<Record<string, unknown>>): boolean =>
  changesOf(patch, remote, defaults).length === 0;

const isSame = (wanted: unknown, there: unknown): boolean => {
  if (isNothing(wanted)) return isNothing(there);
  if (Array.isArray(wanted)) return Array.isArray(there) && isSameSet(wanted, there);
  if (isMap(wanted) && isMap(there)) return changesNothing(wanted, there, {});
  if (isResourceId(wanted) && isResourceId(there)) return wanted.toLowerCase() === there.toLowerCase();
  return wanted === there;
};

/** The lists of a test, its regions and identities, have no order of which the service would make something. */
const isSameSet = (wanted: readonly unknown[], there: readonly unknown[]): boolean =>
  wanted.length === there.length && wanted.every((item) => there.some((other) => isSame(item, other)));

const isNothing = (value: unknown): boolean => value == null || (Array.isArray(value) && value.length === 0);

/** Azure gives them back in its own case. */
const isResourceId = (value: unknown): value is string =>
  typeof value === "string" && /^\/subscriptions\//i.test(value);
