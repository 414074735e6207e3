/** Looks at all that must exist before a run. Asks only: whatever is missing stays so. */

import { type ReferenceIdentity, referenceIdentities } from "../../definition/reference-identities.ts";
import type { TestDefinition } from "../../definition/test-definition.ts";
import type { ControlPlane, LoadTestResource } from "../../plane/control-plane.ts";
import { resourceParts } from "../../resource-type.ts";
import type { ResourcePlace } from "../../run/find-resource.ts";
import { access } from "./access.ts";
import { type Check, unclear } from "./check.ts";
import { identityChecks, identityName, principalOf } from "./identity-checks.ts";
import { dataPlaneCheck, type FoundResource, loginCheck, resourceChecks, resourceOf } from "./resource-checks.ts";
import { quotaCheck, thereCheck, watchedResources } from "./surroundings-checks.ts";
import { vaultChecks, vaultNames } from "./vault-checks.ts";

export interface PreflightInput {
  readonly definition: Pick<TestDefinition, "azure" | "server">;
  readonly place: ResourcePlace;
  readonly control: ControlPlane;
  readonly found: FoundResource;
  /** Principal of this login; null when its token does not say. */
  readonly login: string | null;
  /** Reads something of the data plane. Called once, and only when the resource is there. */
  readonly readDataPlane: () => Promise<unknown>;
}

/** In the order in which one would put them right. @throws {AzureError} AZURE_UNAUTHORIZED */
export const preflight = async (input: PreflightInput): Promise<Check[]> => {
  const { definition, place, control, found } = input;
  const resource = resourceOf(found);
  const { azure, server } = definition;
  const identities = referenceIdentities(definition);
  const groups = await Promise.all([
    resourceChecks(place, found, control),
    resource === null ? [] : ownChecks(resource, input),
    resource === null ? [] : identityChecks(resource, identities),
    secretChecks(input, theOne(identities, "KeyVault")),
    azure.subnetId === undefined ? [] : one(thereCheck("subnet", azure.subnetId, control)),
    Promise.all(watchedResources(azure, server).map((id) => thereCheck("app-component", id, control))),
    metricChecks(input, theOne(identities, "Metrics")),
    quotaChecks(input),
  ]);
  return groups.flat();
};

type Identity = Pick<ReferenceIdentity, "value">;

/** Absent: the service takes the system identity. */
const theOne = (identities: readonly ReferenceIdentity[], kind: ReferenceIdentity["kind"]): Identity =>
  identities.find((identity) => identity.kind === kind) ?? {};

const one = async (check: Promise<Check>): Promise<Check[]> => [await check];

const ownChecks = (resource: LoadTestResource, { control, login, readDataPlane }: PreflightInput): Promise<Check[]> =>
  Promise.all([dataPlaneCheck(resource.dataPlaneHost, readDataPlane), loginCheck(resource, login, control)]);

const secretChecks = async ({ definition, place, control, found }: PreflightInput, identity: Identity) => {
  const resource = resourceOf(found);
  const reader = { identity, principalId: resource && principalOf(resource, identity) };
  const names = vaultNames(definition.azure);
  return (await Promise.all(names.map((name) => vaultChecks(name, place.subscription, { reader, control })))).flat();
};

/** Only criteria judge by metrics: app components alone are watched with what the service has. */
const metricChecks = async ({ definition, control, found }: PreflightInput, identity: Identity): Promise<Check[]> => {
  const resource = resourceOf(found);
  const scopes = watchedResources({ appComponents: [] }, definition.server);
  const principalId = resource && principalOf(resource, identity);
  return Promise.all(
    scopes.map((scope) => {
      const name = resourceParts(scope)?.names.join("/") ?? scope;
      const about = { id: "metrics-access", subject: `metrics of ${name} for the ${identityName(identity)}` } as const;
      if (principalId !== null) return access({ about, control, scope, principalId, grant: "read metrics" });
      return unclear(
        about,
        "the resource does not have this identity yet",
        "when it is there, it needs Monitoring Reader",
      );
    }),
  );
};

const quotaChecks = ({ definition, place, control, found }: PreflightInput): Promise<Check[]> => {
  const { azure } = definition;
  const home = resourceOf(found)?.location ?? azure.location;
  const alone = home === undefined ? [] : [{ region: home, engineInstances: azure.engineInstances }];
  return Promise.all(
    (azure.regionalLoadTestConfig ?? alone).map(({ region, engineInstances }) =>
      quotaCheck({ subscription: place.subscription, region, engines: engineInstances }, control),
    ),
  );
};
