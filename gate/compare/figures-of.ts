/** The figures of one name in one run, each with its standard error, from the run's blocks. Pure arithmetic. */
import { Times } from "../../record/times.ts";
import type { Block } from "./blocks.ts";
import { PERCENTILE_QUANTITIES, PERCENTILES, type PercentileQuantity, type Quantity } from "./quantity.ts";
import type { Figure, NameFigures } from "./run-figures.ts";
import { type Spread, spreadOfSum } from "./serial.ts";

/** Fewer calls say nothing of their mean or their rate, and fewer blocks nothing of the spread between them. */
const FEWEST_CALLS = 10;
const FEWEST_BLOCKS = 4;
const Z_975 = 1.96;
/** Half a bucket: no percentile of a histogram is known better, however alike the times are. */
const BUCKET_ERROR = 0.0005;
/** A long tail alone makes the upper side of an interval about twice as far. */
const MUCH_FURTHER = 3;

export interface Counts {
  readonly count: number;
  readonly failures: number;
}

/** A figure, and by how much of it each block moves it; none where it has no error. */
interface Measured {
  readonly figure: Figure;
  readonly deviations: readonly number[];
}

export interface MeasuredName extends NameFigures {
  readonly deviations: Partial<Readonly<Record<Quantity, readonly number[]>>>;
}

/**
 * @param counted of the whole run, by its head: after a lost process there are more than the blocks hold
 * @param resolutionMs times are known no better than that, such as whole milliseconds
 */
export const measuredName = (
  blocks: readonly Block[],
  counted: Counts,
  seconds: number,
  resolutionMs = 0,
): MeasuredName => {
  const times = new Times();
  for (const block of blocks) times.add(block.times);
  const { count, failures } = counted;
  const measured: Partial<Record<Quantity, Measured>> = {};
  if (times.count > 0) {
    for (const quantity of PERCENTILE_QUANTITIES) measured[quantity] = percentileOf(times, blocks, quantity);
    measured.meanMs = meanOf(times, blocks);
  }
  const figures: Partial<Record<Quantity, Figure>> = {};
  const deviations: Partial<Record<Quantity, readonly number[]>> = {};
  for (const [quantity, each] of Object.entries(measured) as [Quantity, Measured][]) {
    figures[quantity] = noBetterThan(resolutionMs / 2, each.figure);
    deviations[quantity] = each.deviations;
  }
  if (count > 0 && seconds > 0) {
    figures.throughput = throughputOf(blocks, count, seconds);
    figures.errorPercent = errorsOf(blocks, counted);
  }
  return { count, failures, figures, deviations };
};

export const figuresOf = (
  blocks: readonly Block[],
  counted: Counts,
  seconds: number,
  resolutionMs = 0,
): NameFigures => {
  const { deviations: _, ...figures } = measuredName(blocks, counted, seconds, resolutionMs);
  return figures;
};

const untold = (value: number): Measured => ({ figure: { value: rounded(value), error: null }, deviations: [] });

const toldBy = (value: number, error: number, freedom: number): Figure => ({
  value: rounded(value),
  error: rounded(error),
  freedom: Math.round(freedom),
});

const noBetterThan = (errorMs: number, figure: Figure): Figure =>
  figure.error === null || figure.value <= 0
    ? figure
    : { ...figure, error: rounded(Math.max(figure.error, errorMs / figure.value)) };

/**
 * Woodruff's interval: the share of calls above the percentile has an error, and the values at the shares that far below and
 * above are how far the percentile can be off. Where one of them is much further the percentile lies at the edge of an empty
 * stretch, as between two modes: then the near one says nothing. Nothing is told where the upper share lies beyond the largest
 * call.
 * @see Woodruff, Confidence intervals for medians and other position measures, JASA 47 (1952)
 */
const percentileOf = (times: Times, blocks: readonly Block[], quantity: PercentileQuantity): Measured => {
  const percentile = PERCENTILES[quantity];
  const value = times.percentileMs(percentile);
  const shareBelow = percentile / 100;
  if (blocks.filter((block) => block.times.count > 0).length < FEWEST_BLOCKS) return untold(value);
  const above = blocks.map((block) => countAbove(block.times, value));
  const shares = shareDeviations(
    above,
    blocks.map((block) => block.times.count),
  );
  const { variance, freedom } = spreadOfShare(shares, shareBelow, times.count);
  const half = Z_975 * Math.sqrt(variance);
  const [low, high] = [shareBelow - half, shareBelow + half];
  if (low * times.count < 1 || high > 1) return untold(value);
  const [near = 0, far = 0] = [
    Math.log(times.percentileMs(100 * high) / value),
    Math.log(value / times.percentileMs(100 * low)),
  ].sort((a, b) => a - b);
  const off = far > MUCH_FURTHER * near ? far : (far + near) / 2;
  return {
    figure: toldBy(value, Math.max(BUCKET_ERROR, off / Z_975), freedom),
    deviations: shares.map((each) => (each * off) / half),
  };
};

const countAbove = (times: Times, limitMs: number): number => {
  let above = 0;
  for (const [floorUs, count] of times.buckets()) if (floorUs / 1000 > limitMs) above += count;
  return above;
};

/** By how much each block moves the share of events among all. */
const shareDeviations = (events: readonly number[], of: readonly number[]): number[] => {
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
  const [all, share] = [sum(of), sum(events) / sum(of)];
  return events.map((each, index) => (each - share * (of[index] ?? 0)) / all);
};

/** What counts as known: a variance that no block has to say. */
const KNOWN_FREEDOM = 30;

/** Never below that of independent calls: that calls repel each other is chance. */
const spreadOfShare = (deviations: readonly number[], share: number, count: number): Spread => {
  const independent = (share * (1 - share)) / count;
  const seen = deviations.length < 2 ? null : spreadOfSum(deviations);
  return seen !== null && seen.variance > independent ? seen : { variance: independent, freedom: KNOWN_FREEDOM };
};

const meanOf = (times: Times, blocks: readonly Block[]): Measured => {
  const { meanMs } = times.summary();
  const deviations = ratioDeviations(blocks, ({ times: of }) => [of.summary().sumMs, of.count]);
  if (times.count < FEWEST_CALLS || deviations === null) return untold(meanMs);
  const { variance, freedom } = spreadOfSum(deviations);
  return { figure: toldBy(meanMs, Math.sqrt(variance), freedom), deviations };
};

/**
 * Without the first and the last block: users come and go there, and how long that takes is not how fast the server is. Of the
 * whole run, without an error, for what is not done all along, as the handshakes: how often it was done says how many users
 * there were.
 */
const throughputOf = (blocks: readonly Block[], count: number, seconds: number): Figure => {
  const inner = blocks.slice(1, -1);
  const busy = inner.filter((block) => block.count > 0).length;
  if (count < FEWEST_CALLS || 2 * busy < inner.length || inner.length < FEWEST_BLOCKS) {
    return { value: rounded(count / seconds), error: null };
  }
  const sum = (of: (block: Block) => number): number => inner.reduce((all, block) => all + of(block), 0);
  const rate = sum((block) => block.count) / sum((block) => block.seconds);
  const deviations = ratioDeviations(inner, (block) => [block.count, block.seconds]);
  if (deviations === null) return { value: rounded(rate), error: null };
  const { variance, freedom } = spreadOfSum(deviations);
  return toldBy(rate, Math.sqrt(variance), freedom);
};

/** By how much of it each block moves a sum over a sum (linearised); null where too few blocks have any. */
const ratioDeviations = (
  blocks: readonly Block[],
  partsOf: (block: Block) => readonly [numerator: number, denominator: number],
): number[] | null => {
  const parts = blocks.map(partsOf);
  const numerator = parts.reduce((sum, [each]) => sum + each, 0);
  const denominator = parts.reduce((sum, [, each]) => sum + each, 0);
  if (numerator === 0 || parts.filter(([, below]) => below > 0).length < FEWEST_BLOCKS) return null;
  return parts.map(([above, below]) => (above - (numerator / denominator) * below) / numerator);
};

/** In points. Two failures are added, as Agresti and Coull do: none of a hundred calls is not never. */
const errorsOf = (blocks: readonly Block[], { count, failures }: Counts): Figure => {
  const share = (failures + 2) / (count + 4);
  const deviations = shareDeviations(
    blocks.map((block) => block.failures),
    blocks.map((block) => block.count),
  );
  const isTold = deviations.every(Number.isFinite);
  const { variance, freedom } = spreadOfShare(isTold ? deviations : [], share, count + 4);
  return toldBy((100 * failures) / count, 100 * Math.sqrt(variance), freedom);
};

/** Five digits: the file is read by people, and no figure is known better. */
const rounded = (value: number): number => Number(value.toPrecision(5));
