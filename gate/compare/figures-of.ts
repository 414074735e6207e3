/** The figures of one name in one run, each with its standard error, from the run's blocks. Pure arithmetic. */
import { clustering } from "../../record/clustering.ts";
import { Times } from "../../record/times.ts";
import type { Block } from "./blocks.ts";
import { PERCENTILE_QUANTITIES, PERCENTILES, type PercentileQuantity } from "./quantity.ts";
import type { Figure, NameFigures } from "./run-figures.ts";

/** Fewer calls say nothing of their mean or their rate, and fewer blocks nothing of the spread between them. */
const FEWEST_CALLS = 10;
const FEWEST_BLOCKS = 4;
const Z_975 = 1.96;
/** Half a bucket: no percentile of a histogram is known better, however alike the times are. */
const BUCKET_ERROR = 0.0005;

/** @param counted of the whole run, by its head: after a lost process there are more than the blocks hold */
export const figuresOf = (
  blocks: readonly Block[],
  counted: { readonly count: number; readonly failures: number },
  seconds: number,
): NameFigures => {
  const times = new Times();
  for (const block of blocks) times.add(block.times);
  const { count, failures } = counted;
  const figures: Partial<Record<keyof NameFigures["figures"], Figure>> = {};
  if (times.count > 0) {
    for (const quantity of PERCENTILE_QUANTITIES) figures[quantity] = percentileFigure(times, blocks, quantity);
    figures.meanMs = {
      value: rounded(times.summary().meanMs),
      error: times.count < FEWEST_CALLS ? null : ratioError(blocks, meanParts),
    };
  }
  if (count > 0 && seconds > 0) {
    figures.throughput = throughputFigure(blocks, count, seconds);
    figures.errorPercent = { value: rounded((100 * failures) / count), error: rounded(errorPoints(blocks, counted)) };
  }
  return { count, failures, figures };
};

/**
 * Woodruff's interval: the share of calls above the percentile has an error, and the values at the shares that far below and
 * above are how far the percentile can be off. The share's error is that of independent calls, widened by how much calls
 * cluster in blocks. Nothing is told where the upper share lies beyond the largest call.
 * @see Woodruff, Confidence intervals for medians and other position measures, JASA 47 (1952)
 */
const percentileFigure = (times: Times, blocks: readonly Block[], quantity: PercentileQuantity): Figure => {
  const percentile = PERCENTILES[quantity];
  const valueMs = times.percentileMs(percentile);
  const value = rounded(valueMs);
  const shareBelow = percentile / 100;
  const held = blocks.filter((block) => block.times.count > 0);
  if (held.length < FEWEST_BLOCKS) return { value, error: null };
  const effect = clustering(held.map((block) => ({ of: block.times.count, events: countAbove(block.times, valueMs) })));
  const half = Z_975 * Math.sqrt((shareBelow * (1 - shareBelow) * effect) / times.count);
  const [low, high] = [shareBelow - half, shareBelow + half];
  if (low * times.count < 1 || high > 1) return { value, error: null };
  const spread = Math.log(times.percentileMs(100 * high) / times.percentileMs(100 * low));
  return { value, error: rounded(Math.max(BUCKET_ERROR, spread / (2 * Z_975))) };
};

const countAbove = (times: Times, limitMs: number): number => {
  let above = 0;
  for (const [floorUs, count] of times.buckets()) if (floorUs / 1000 > limitMs) above += count;
  return above;
};

type Parts = (block: Block) => readonly [numerator: number, denominator: number];
const meanParts: Parts = ({ times }) => [times.summary().sumMs, times.count];
const rateParts: Parts = ({ count, seconds }) => [count, seconds];

/**
 * Without the first and the last block: users come and go there, and how long that takes is not how fast the server is. Of the
 * whole run, without an error, for what is not done all along, as the handshakes: how often it was done says how many users
 * there were.
 */
const throughputFigure = (blocks: readonly Block[], count: number, seconds: number): Figure => {
  const inner = blocks.slice(1, -1);
  const busy = inner.filter((block) => block.count > 0).length;
  if (count < FEWEST_CALLS || 2 * busy < inner.length || inner.length < FEWEST_BLOCKS) {
    return { value: rounded(count / seconds), error: null };
  }
  const sum = (of: (block: Block) => number): number => inner.reduce((all, block) => all + of(block), 0);
  return {
    value: rounded(sum((block) => block.count) / sum((block) => block.seconds)),
    error: ratioError(inner, rateParts),
  };
};

/** Standard error of a sum over a sum, as a share of it, by how far each block is from the whole (linearised ratio). */
const ratioError = (blocks: readonly Block[], partsOf: Parts): number | null => {
  const parts = blocks.map(partsOf).filter(([, denominator]) => denominator > 0);
  if (parts.length < FEWEST_BLOCKS) return null;
  const numerator = parts.reduce((sum, [each]) => sum + each, 0);
  const denominator = parts.reduce((sum, [, each]) => sum + each, 0);
  if (numerator === 0) return null;
  const ratio = numerator / denominator;
  const squares = parts.reduce((sum, [above, below]) => sum + (above - ratio * below) ** 2, 0);
  return rounded(Math.sqrt((squares * parts.length) / (parts.length - 1)) / numerator);
};

/** In points. Two failures are added, as Agresti and Coull do: none of a hundred calls is not never. */
const errorPoints = (
  blocks: readonly Block[],
  { count, failures }: { readonly count: number; readonly failures: number },
): number => {
  const share = (failures + 2) / (count + 4);
  const effect = clustering(blocks.map((block) => ({ of: block.count, events: block.failures })));
  return 100 * Math.sqrt((share * (1 - share) * effect) / (count + 4));
};

/** Five digits: the file is read by people, and no figure is known better. */
const rounded = (value: number): number => Number(value.toPrecision(5));
