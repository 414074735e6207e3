/** The id of an Azure resource: `/subscriptions/…/providers/NAMESPACE/TYPE/NAME[/TYPE/NAME…]`. */

/** @returns `Microsoft.Web/sites`; with the types of what it is part of, `Microsoft.Sql/servers/databases` */
export const resourceTypeOf = (id: string): string => {
  const [namespace = "", ...rest] = (id.split(/\/providers\//i).at(-1) ?? "").split("/");
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
};

/** @returns the last part */
export const resourceNameOf = (id: string): string => id.split("/").at(-1) ?? "";

/** Azure compares ids without regard to case, and gives them back in its own. */
export const isSameResource = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
