/** The four servers of the demo fleet, in the order of their ports. */

export const SERVER_NAMES = ["learn", "context7", "azure-devops", "github"] as const;
export type ServerName = (typeof SERVER_NAMES)[number];
