/** The parts of `loadtest.yaml` that a run needs, each with the schema of the room that owns it. */
import { authSchema } from "../auth/auth-schema.ts";
import { TRAFFIC_PARTS } from "../traffic/traffic-parts.ts";

export const RUN_PARTS = { auth: authSchema, ...TRAFFIC_PARTS };
