/** Both planes of Azure Load Testing with the login of this machine. Where they are is said by the settings. */

import { randomUUID } from "node:crypto";
import { realWorld } from "../../auth/real-world.ts";
import type { Surroundings } from "../../auth/world.ts";
import type { AzureSettings } from "../azure-schema.ts";
import { cloudOf } from "../cloud.ts";
import { CONTROL_PLANE_VERSION, type ControlPlane, controlPlane } from "./control-plane.ts";
import { DATA_PLANE_VERSION, type DataPlane, dataPlane } from "./data-plane.ts";
import { checkedHost } from "./data-plane-host.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { PlaneCredential } from "./plane-credential.ts";
import { REAL_CLOCK, type RetryClock } from "./retry.ts";
import { Service } from "./service.ts";

export interface Planes {
  readonly control: ControlPlane;
  /**
   * @param host of the resource's data plane, without a scheme
   * @throws {AzureError} AZURE_INVALID when it is not one of the settings' cloud
   */
  readonly data: (host: string) => DataPlane;
}

/** Whose variables the login reads, and who is told of each secret on the way. */
type Asker = Pick<Surroundings, "lookup" | "learn" | "folder">;

interface PlaneOptions {
  /** Of swarmbridge, for the user agent. */
  readonly version?: string;
  /** For tests. */
  readonly limits?: Partial<Limits>;
  /** For tests. */
  readonly clock?: RetryClock;
}

/** Nothing is sent before the first call. */
export const planesFor = async (
  { cloud, credential }: Pick<AzureSettings, "cloud" | "credential">,
  asker: Asker,
  { version, limits, clock = REAL_CLOCK }: PlaneOptions = {},
): Promise<Planes> => {
  const { management, audience } = cloudOf(cloud);
  const azure = await realWorld(asker.folder).azure(asker);
  const common = {
    userAgent: version === undefined ? "swarmbridge" : `swarmbridge/${version}`,
    correlationId: randomUUID(),
    clock,
    limits: { ...LIMITS, ...limits },
  };
  const credentialFor = (resource: string) =>
    new PlaneCredential({ azure, credential, scope: `${resource}/.default`, nowMs: clock.nowMs });
  const managementOrigin = new URL(management).origin;
  const dataCredential = credentialFor(audience);
  const control = new Service({
    ...common,
    origin: managementOrigin,
    apiVersion: CONTROL_PLANE_VERSION,
    credential: credentialFor(managementOrigin),
  });
  return {
    control: controlPlane(control),
    data: (host) => {
      const origin = `https://${checkedHost(host, cloud)}`;
      const service = new Service({ ...common, origin, apiVersion: DATA_PLANE_VERSION, credential: dataCredential });
      return dataPlane(service, asker.learn);
    },
  };
};
