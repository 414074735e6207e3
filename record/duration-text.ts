/** Durations and numbers as people read them. ASCII only. */

/** Milliseconds with the digits that are worth reading: `0.42`, `8.3`, `41`, `1,283`. */
export const msText = (ms: number): string => {
  if (ms < 1) return ms.toFixed(2);
  if (ms < 10) return ms.toFixed(1);
  return countText(Math.round(ms));
};

/** `250 ms`, `12.3 s`, `2 min 05 s`, `1 h 20 min`. */
export const durationText = (ms: number): string => {
  if (ms < 1000) return `${msText(ms)} ms`;
  const tenths = Math.round(ms / 100) / 10;
  if (tenths < 60) return `${tenths.toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
};

export const countText = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");

/** `1 answer`, `1,200 answers`. */
export const countedText = (count: number, what: string): string =>
  `${countText(count)} ${what}${count === 1 ? "" : "s"}`;

/** `1.5%`; what is there but rounds to nothing is `<0.1%`. */
export const percentText = (part: number, whole: number): string => {
  if (part === 0 || whole === 0) return "0%";
  const percent = (100 * part) / whole;
  if (percent < 0.1) return "<0.1%";
  return percent >= 10 ? `${Math.round(percent)}%` : `${percent.toFixed(1)}%`;
};
