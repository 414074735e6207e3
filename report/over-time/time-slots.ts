/** How a run's seconds are joined for a picture: into slots of one width that a reader can name, few enough to be drawn. */
import type { RunFile } from "../../record/run-file.ts";

const MOST_SLOTS = 600;
/** Seconds. */
const WIDTHS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

export class TimeSlots {
  readonly widthSeconds: number;
  readonly count: number;

  /** @param seconds of the whole run; what lies outside is counted in the first and the last slot */
  constructor(seconds: number, most = MOST_SLOTS) {
    const whole = Math.max(1, Math.ceil(seconds));
    const least = whole / most;
    this.widthSeconds = WIDTHS.find((width) => width >= least) ?? Math.ceil(least);
    this.count = Math.ceil(whole / this.widthSeconds);
  }

  /** @param second since the one in which the run started. A clock that was set puts some of them anywhere */
  at(second: number): number {
    return Math.min(this.count - 1, Math.max(0, Math.floor(second / this.widthSeconds)));
  }

  /** Where each begins, in seconds since the start. */
  get beginnings(): number[] {
    return Array.from({ length: this.count }, (_, slot) => slot * this.widthSeconds);
  }
}

/** Of a run, from the second in which it started to the one in which it ended. */
export const slotsOf = ({ startedAt, endedAt, updatedAt }: RunFile): TimeSlots =>
  new TimeSlots(epochSecond(endedAt ?? updatedAt) - epochSecond(startedAt) + 1);

/** The second of the wall clock from which those of the timeline are counted. */
export const epochSecond = (iso: string): number => Math.floor(Date.parse(iso) / 1000);
