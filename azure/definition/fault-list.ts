/** Gathers what is wrong with a definition, in `loadtest.yaml` and in the files beside it, so that it is told all at once. */

import { ConfigError } from "../../config/config-error.ts";
import { type Fault, faultLines, type Path } from "../../config/fault.ts";
import type { LoadedFile } from "../../config/settings.ts";

export class FaultList {
  readonly #bySource = new Map<string, Fault[]>();
  readonly #source: string;
  readonly #placeOf: LoadedFile<unknown, unknown>["placeOf"];

  constructor({ settings, placeOf }: LoadedFile<unknown, unknown>) {
    this.#source = settings.source;
    this.#placeOf = placeOf;
  }

  /** Of a key of `loadtest.yaml`. The first fault of a key counts: what follows from it would only confuse. */
  report(path: Path, sentence: string): void {
    this.#add(this.#source, { ...this.#placeOf(path), path, sentence });
  }

  /** Of a line of another file. @param line from 1 */
  reportIn(source: string, line: number, key: string, sentence: string): void {
    this.#add(source, { line, column: 1, path: key === "" ? [] : [key], sentence });
  }

  /** @throws {ConfigError} CONFIG_INVALID when there is any */
  throwIfAny(): void {
    if (this.#bySource.size === 0) return;
    throw new ConfigError(
      "CONFIG_INVALID",
      [...this.#bySource].flatMap(([source, faults]) => faultLines(source, faults)),
    );
  }

  #add(source: string, fault: Fault): void {
    const faults = this.#bySource.get(source) ?? [];
    const isSame = ({ line, path }: Fault): boolean => line === fault.line && path.join("\n") === fault.path.join("\n");
    if (!faults.some(isSame)) faults.push(fault);
    this.#bySource.set(source, faults);
  }
}
