/** Azure's built-in roles that matter here: the ids are the same in every tenant and cloud. */

/** @see Azure built-in roles (Microsoft's list) */
export const ROLES = {
  "Load Test Contributor": "749a398d-560b-491b-bb21-08924219302e",
  "Load Test Owner": "45bb0b16-2f0c-4e78-afaa-a07599b003f6",
  "Load Test Reader": "3ae3fb29-0000-4ccd-bf80-542e7b26e081",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  "Key Vault Administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  "Key Vault Reader": "21090545-7ca7-4776-b22c-e363652d74d2",
  "Key Vault Contributor": "f25e0fa2-a7c8-4377-a976-54943a77a395",
  "Monitoring Reader": "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
  "Monitoring Contributor": "749f88d5-cbae-40b8-bcfc-e573ddc772fa",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  Contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  Owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
} as const;
export type Role = keyof typeof ROLES;

/**
 * Roles that allow something, the one to ask for first. Owner and Contributor reach neither tests nor secrets: those are
 * data actions.
 */
export const GRANTS = {
  "run tests": ["Load Test Contributor", "Load Test Owner"],
  "read secrets": ["Key Vault Secrets User", "Key Vault Secrets Officer", "Key Vault Administrator"],
  "read metrics": ["Monitoring Reader", "Monitoring Contributor", "Reader", "Contributor", "Owner"],
} as const satisfies Record<string, readonly [Role, ...Role[]]>;
export type Grant = keyof typeof GRANTS;

/** @returns null for a role that is not in the table: another built-in one, or somebody's own */
export const roleOf = (roleId: string): Role | null =>
  (Object.keys(ROLES) as Role[]).find((name) => ROLES[name] === roleId.toLowerCase()) ?? null;
