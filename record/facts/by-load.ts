/**
 * How each operation fared by how much its server had to do at the same time: the ends and times of calls, by how many
 * calls of that server were under way when they began. Of several processes each counts its own calls only.
 */
import * as z from "zod";
import { entriesOf } from "../entries-of.ts";
import { OUTCOMES } from "../reason.ts";
import { RoughTimes, roughBuckets } from "../rough-times.ts";
import type { Counts, Sample } from "../sample.ts";
import { ByName } from "./by-name.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";

const count = z.number().int();

const band = z.object({
  /** Calls under way, the counted one included: at most this many, and more than half of it. A power of two. */
  most: count,
  /** Sum over the calls, of what was under way. Divided by their number: the mean load. */
  underWay: z.number(),
  outcomes: z.partialRecord(z.enum(OUTCOMES), count),
  /** Service time of the ok answers. */
  ok: roughBuckets,
});
const byLoad = z.record(z.string(), z.array(band));
export type LoadBand = z.infer<typeof band>;
export type ByLoad = z.infer<typeof byLoad>;

export const BY_LOAD: FactKind<Sample, ByLoad> = { schema: byLoad, keeper: () => new ByLoadKeeper() };

interface HeldBand {
  underWay: number;
  readonly outcomes: Counts;
  readonly ok: RoughTimes;
}

/** Band 16 holds what had up to 65,536 beside it, and more. */
const HIGHEST_BAND = 16;
const bandOf = (underWay: number): number => Math.min(HIGHEST_BAND, Math.ceil(Math.log2(underWay)));

class ByLoadKeeper implements FactKeeper<Sample, ByLoad> {
  readonly #names = new ByName<(HeldBand | undefined)[]>(() => []);

  /** The sample is read at once and not kept. */
  hear({ name, outcome, serviceMs, underWay = 0 }: Sample): void {
    if (underWay < 1) return;
    const held = this.#band(name, bandOf(underWay));
    held.underWay += underWay;
    held.outcomes[outcome] = (held.outcomes[outcome] ?? 0) + 1;
    if (outcome === "ok" && serviceMs !== undefined) held.ok.record(serviceMs);
  }

  add(section: ByLoad): void {
    for (const [name, bands] of Object.entries(section)) {
      for (const { most, underWay, outcomes, ok } of bands) {
        const held = this.#band(name, bandOf(Math.max(1, most)));
        held.underWay += underWay;
        for (const [outcome, times] of entriesOf(outcomes))
          held.outcomes[outcome] = (held.outcomes[outcome] ?? 0) + times;
        held.ok.add(ok);
      }
    }
  }

  section(): ByLoad {
    return this.#names.record((bands) =>
      bands.flatMap((held, index) =>
        held === undefined
          ? []
          : { most: 2 ** index, underWay: held.underWay, outcomes: { ...held.outcomes }, ok: held.ok.buckets() },
      ),
    );
  }

  #band(name: string, index: number): HeldBand {
    const bands = this.#names.of(name);
    while (bands.length <= index) bands.push(undefined);
    let held = bands[index];
    if (held === undefined) {
      held = { underWay: 0, outcomes: {}, ok: new RoughTimes() };
      bands[index] = held;
    }
    return held;
  }
}

/** What a tool call of a server takes when the server has least to do. */
export interface LightestLoad {
  readonly p50Ms: number;
  /** Mean number of calls under way, the counted one included. */
  readonly underWay: number;
}

/** @returns that of the quickest tool at the lightest load that there was; null when no tool call has a time */
export const lightestLoad = (server: string, byLoad: ByLoad | undefined): LightestLoad | null => {
  const each = Object.entries(byLoad ?? {}).flatMap(([name, bands]) => {
    const lightest = name.startsWith(`${server}:tools/call:`) ? bands.find(({ ok }) => ok.length > 0) : undefined;
    if (lightest === undefined) return [];
    const times = new RoughTimes();
    times.add(lightest.ok);
    const calls = Object.values(lightest.outcomes).reduce((sum, count) => sum + count, 0);
    return [{ p50Ms: times.percentileMs(50), underWay: lightest.underWay / Math.max(1, calls) }];
  });
  const [first, ...rest] = each;
  return first === undefined ? null : rest.reduce((one, other) => (other.p50Ms < one.p50Ms ? other : one), first);
};
