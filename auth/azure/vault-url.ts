/** A vault's address: a bare name means the public cloud. */

/** Key Vault and managed HSM of each cloud; a challenge from there is checked against the suffix. */
const SUFFIXES = [
  "vault.azure.net",
  "managedhsm.azure.net",
  "vault.azure.cn",
  "managedhsm.azure.cn",
  "vault.usgovcloudapi.net",
  "managedhsm.usgovcloudapi.net",
];

/** Key Vault's own rule: 3 to 24 letters, digits and hyphens, a letter first. */
const NAME = /^[A-Za-z](?:[0-9A-Za-z]|-(?!-)){1,22}[0-9A-Za-z]$/;

/** @returns the vault's origin, or null when it is neither a name nor an https origin */
export const vaultUrl = (text: string): string | null => {
  if (NAME.test(text)) return `https://${text.toLowerCase()}.vault.azure.net`;
  const url = URL.parse(text);
  if (url === null || url.protocol !== "https:") return null;
  const isOriginOnly = url.pathname === "/" && url.search === "" && url.hash === "" && !/[@\\]/.test(text);
  return isOriginOnly ? url.origin : null;
};

export const isKnownVault = (url: string): boolean => {
  const { hostname } = new URL(url);
  return SUFFIXES.some((suffix) => hostname.endsWith(`.${suffix}`));
};
