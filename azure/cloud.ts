/** Where each Azure cloud is: one table. */

export const CLOUDS = ["public", "usgov"] as const;

export interface Cloud {
  /** Azure Resource Manager. */
  readonly management: string;
  /** Audience of the data plane's tokens, without `/.default`. */
  readonly audience: string;
  readonly portal: string;
}

const ENDPOINTS = {
  public: {
    management: "https://management.azure.com",
    audience: "https://cnt-prod.loadtesting.azure.com",
    portal: "https://portal.azure.com",
  },
  usgov: {
    management: "https://management.usgovcloudapi.net",
    audience: "https://cnt-prod.loadtesting.azure.us",
    portal: "https://portal.azure.us",
  },
} as const satisfies Record<(typeof CLOUDS)[number], Cloud>;

/** @param cloud of the settings: a name of the table, or the endpoints of another cloud */
export const cloudOf = (cloud: (typeof CLOUDS)[number] | Cloud): Cloud =>
  typeof cloud === "string" ? ENDPOINTS[cloud] : cloud;
