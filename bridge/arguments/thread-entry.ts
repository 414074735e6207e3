/** Entry of the arguments' thread when the bridge runs from its sources. The bundle is its own entry. */
import { runArgumentsThread } from "./arguments-thread.ts";

runArgumentsThread();
