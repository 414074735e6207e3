/** The parts of `loadtest.yaml` that this room owns. */
import { loadSchema } from "./load-schema.ts";
import { dataFiles } from "./mix/made-value.ts";
import { trafficSchema } from "./traffic-schema.ts";

export const TRAFFIC_PARTS = { traffic: trafficSchema, dataFiles, load: loadSchema };
