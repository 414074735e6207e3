/** The small picture in a table's cell: a row of bars. The text beside it says what matters, so it is hidden from readers. */

const HEIGHT = 20;
/** More bars than this are narrower than a pixel. */
const MOST_BARS = 60;

/** @param heights of 0 and more; one that is no number has no bar */
export const shapeSvg = (heights: readonly number[]): string => {
  const bars = joined(heights);
  const highest = Math.max(...bars);
  if (!(highest > 0)) return "";
  const path = bars
    .map((height, at) => {
      // What is there at all is seen.
      const top = height > 0 ? Math.max(1, Math.round((height / highest) * HEIGHT)) : 0;
      return top === 0 ? "" : `M${at} ${HEIGHT}v-${top}h1v${top}z`;
    })
    .join("");
  return `<svg class="shape" viewBox="0 0 ${bars.length} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path d="${path}"/></svg>`;
};

/** Neighbours together, where there are too many: the higher one stands for both. */
const joined = (heights: readonly number[]): number[] => {
  const each = Math.ceil(heights.length / MOST_BARS);
  return Array.from({ length: Math.ceil(heights.length / Math.max(1, each)) }, (_, at) =>
    Math.max(0, ...heights.slice(at * each, (at + 1) * each).filter(Number.isFinite)),
  );
};
