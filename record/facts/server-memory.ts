/**
 * What a server said that it holds of memory, from time to time over a run. At most 600 readings a server: of more, every other
 * one is forgotten, but for the first and the last. docs/soak.md, "Memory".
 */
import * as z from "zod";
import { ByName } from "./by-name.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";

const reading = z.object({
  /** Wall clock, ms. */
  atMs: z.number(),
  bytes: z.number(),
});
export type MemoryReading = Readonly<z.infer<typeof reading>>;

const memoryRecord = z.object({
  /** Kind of the source (`memory` in loadtest.yaml). */
  from: z.string(),
  /** In order. */
  readings: z.array(reading),
  /** Readings that did not come, and why the last of them did not. */
  failed: z.number().int(),
  why: z.string().nullable(),
});
export type MemoryRecord = z.infer<typeof memoryRecord>;
const serverMemory = z.record(z.string(), memoryRecord);
export type ServerMemory = z.infer<typeof serverMemory>;

/** One reading, or why there was none. */
export interface MemoryEvent {
  readonly server: string;
  readonly from: string;
  readonly atMs: number;
  readonly bytes: number | null;
  readonly why?: string;
}

export const SERVER_MEMORY: FactKind<MemoryEvent, ServerMemory> = {
  schema: serverMemory,
  clean: (event, clean) => (event.why === undefined ? event : { ...event, why: clean(event.why) }),
  keeper: () => new MemoryKeeper(),
};

const MOST_READINGS = 600;

interface Held {
  from: string;
  readings: MemoryReading[];
  failed: number;
  why: string | null;
}

class MemoryKeeper implements FactKeeper<MemoryEvent, ServerMemory> {
  readonly #servers = new ByName((): Held => ({ from: "", readings: [], failed: 0, why: null }));

  hear({ server, from, atMs, bytes, why }: MemoryEvent): void {
    const held = this.#servers.of(server);
    held.from = from;
    if (bytes === null) {
      held.failed += 1;
      held.why = why ?? null;
    } else held.readings = thinned([...held.readings, { atMs, bytes }]);
  }

  add(section: ServerMemory): void {
    for (const [server, { from, readings, failed, why }] of Object.entries(section)) {
      const held = this.#servers.of(server);
      held.from = from;
      held.readings = thinned([...held.readings, ...readings].sort((a, b) => a.atMs - b.atMs));
      held.failed += failed;
      held.why = why ?? held.why;
    }
  }

  section(): ServerMemory {
    return this.#servers.record((held) => ({ ...held, readings: [...held.readings] }));
  }
}

const thinned = (readings: MemoryReading[]): MemoryReading[] => {
  let kept = readings;
  while (kept.length > MOST_READINGS) {
    const last = kept.length - 1;
    kept = kept.filter((_, index) => index % 2 === 0 || index === last);
  }
  return kept;
};
