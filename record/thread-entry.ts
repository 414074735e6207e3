/** Entry of the recorder's thread when the bridge runs from its sources. The bundle is its own entry. */
import { runRecorderThread } from "./recorder-thread.ts";

runRecorderThread();
