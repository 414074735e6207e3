/** Entry of the telemetry thread when the bridge runs from its sources. The bundle is its own entry. */
import { runTelemetryThread } from "./telemetry-thread.ts";

runTelemetryThread();
