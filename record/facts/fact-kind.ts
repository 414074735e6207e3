import type * as z from "zod";

/**
 * A further part of a run record: what is neither a count nor a time of an operation. One file for each kind, named in
 * `fact-kinds.ts`; the record carries it to disk, through a lost bridge and through merging without knowing what it is.
 */
export interface FactKind<Event, Section> {
  /** Of its part of `run.json`, under `facts`. */
  readonly schema: z.ZodType<Section>;
  /** Which of the event's texts may quote a server or a user, cleaned. Absent: none may. */
  readonly clean?: (event: Event, clean: (text: string) => string) => Event;
  readonly keeper: () => FactKeeper<Event, Section>;
}

/** What of one kind was heard. Bounded, however long a run is. */
export interface FactKeeper<Event, Section> {
  hear(event: Event): void;
  /** Adds what another record says: that of a lost process which is continued, or another part of the run. */
  add(section: Section): void;
  /** What `run.json` says; fit for `add`. Never shared: the next one is another object. */
  section(): Section;
}
