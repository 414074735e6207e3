/** What cores did since the machine's start, from the kernel's own counts. */
export interface MachineTicks {
  /** Summed over the cores. */
  readonly idle: number;
  readonly all: number;
}

/**
 * @param text of `/proc/stat`
 * @param cores their numbers; all of the machine's without it
 * @see proc_stat(5): the 4th and 5th figure of a line are idle and iowait, the 8th is what a host took from its guest; guests
 * of our own are in user
 */
export const readTicks = (text: string, cores?: ReadonlySet<number>): MachineTicks => {
  let [idle, all] = [0, 0];
  for (const [, core, figures = ""] of text.matchAll(/^cpu(\d*) +(.*)$/gm)) {
    if (cores === undefined ? core !== "" : !cores.has(Number(core || Number.NaN))) continue;
    const ticks = figures.split(" ").slice(0, 8).map(Number);
    idle += (ticks[3] ?? 0) + (ticks[4] ?? 0);
    all += ticks.reduce((sum, one) => sum + one, 0);
  }
  return { idle, all };
};

/** @returns the share of the time between two readings in which somebody used them; undefined when no tick went by */
export const busyShare = (before: MachineTicks, after: MachineTicks): number | undefined => {
  const all = after.all - before.all;
  return all <= 0 ? undefined : Math.min(1, Math.max(0, 1 - (after.idle - before.idle) / all));
};
