import type { DataPlane } from "../plane/data-plane.ts";
import type { Clock } from "./clock.ts";
import type { Pace } from "./pace.ts";
import type { Tell } from "./run-event.ts";

/** What every step of a run works with. */
export interface RunContext {
  readonly plane: DataPlane;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly tell: Tell;
}
