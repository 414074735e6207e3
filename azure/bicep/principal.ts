/** Whoever is given a role, as Bicep names it. */
export interface Principal {
  /** Symbol of what has the identity: known before the deployment, so that names can be made of it. */
  readonly owner: string;
  readonly expression: string;
}
