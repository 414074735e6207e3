/** `Object.entries` for records whose keys are a closed list: the type of the key survives. */
export const entriesOf = <K extends string, V>(record: Readonly<Partial<Record<K, V>>>): [K, V][] =>
  Object.entries(record) as [K, V][];
