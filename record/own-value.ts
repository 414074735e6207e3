/** Looks a name up that somebody else gave: a server may be called `constructor`, which every plain object answers for. */

/** @returns undefined for a name that the record itself does not hold, and where there is no record */
export const ownValue = <T>(values: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
