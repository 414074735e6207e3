/** The id of an Azure resource, as `loadtest.yaml` may name one: one rule for criteria and for what a test is made of. */

import * as z from "zod";

const RULE = "must be the id of an Azure resource: /subscriptions/ID/resourceGroups/NAME/providers/NAMESPACE/TYPE/NAME";
const SHAPE = /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/[^/\s]+(?:\/[^/\s]+\/[^/\s]+)+$/i;

export const resourceId = () => z.string(RULE).max(1000, RULE).regex(SHAPE, RULE);
