/** How the settings name a secret of Key Vault. */

import * as z from "zod";
import { vaultUrl } from "./vault-url.ts";

const VAULT_RULE = "must be the name of a vault, or its https URL without a path";
const SECRET_RULE = "must be the name of a secret: letters, digits and -, at most 127";
const VERSION_RULE = "must be the version of a secret: 32 hexadecimal digits";

/** A name or a URL in, the vault's origin out. */
export const vaultSchema = z.string(VAULT_RULE).transform((text, context) => {
  const url = vaultUrl(text);
  if (url !== null) return url;
  context.addIssue({ code: "custom", message: VAULT_RULE });
  return z.NEVER;
});

export const secretNameSchema = z.string(SECRET_RULE).regex(/^[0-9A-Za-z-]{1,127}$/, SECRET_RULE);

export const secretVersionSchema = z.string(VERSION_RULE).regex(/^[0-9a-fA-F]{32}$/, VERSION_RULE);
