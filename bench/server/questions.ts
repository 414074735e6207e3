/** What the bench and its null server say to each other over Node's channel between parent and child. */
import type { LoadSample } from "./load.ts";

/** What the server answered since its start. */
export interface Served {
  readonly calls: number;
  readonly opens: number;
  readonly samples: readonly LoadSample[];
}

/** The only question, `"served"`, is answered with `Served`; the first message of all is `Listening`. */
export interface Listening {
  readonly port: number;
}
