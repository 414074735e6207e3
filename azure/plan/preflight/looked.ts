/** One look at Azure becomes one check, also when Azure does not let us look. */

import { AzureError, type AzureErrorCode } from "../../azure-error.ts";
import type { Check, CheckState } from "./check.ts";

const STATES = {
  AZURE_NOT_FOUND: { state: "missing", next: "is what it lies in there, and are the ids in loadtest.yaml right?" },
  AZURE_FORBIDDEN: { state: "forbidden", next: "ask somebody who may, or for the role Reader there" },
  AZURE_THROTTLED: { state: "unreachable", next: "wait, and try again" },
  AZURE_UNREACHABLE: { state: "unreachable", next: "does this machine reach it (proxy, firewall, VPN)?" },
  AZURE_REFUSED: { state: "unclear", next: "look for it in the portal" },
  AZURE_CONFLICT: { state: "unclear", next: "wait, and try again" },
  AZURE_INVALID: { state: "unclear", next: "does no proxy answer in Azure's place?" },
} as const satisfies Partial<Record<AzureErrorCode, { readonly state: CheckState; readonly next: string }>>;

const stateOf = (code: AzureErrorCode): { readonly state: CheckState; readonly next: string } | null =>
  code in STATES ? STATES[code as keyof typeof STATES] : null;

/**
 * @throws {AzureError} what would befall every other look, too: AZURE_UNAUTHORIZED. Other errors pass unchanged
 */
export const looked = async (about: Pick<Check, "id" | "subject">, look: () => Promise<Check>): Promise<Check> => {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const found = stateOf(error.code);
    if (found === null) throw error;
    return { ...about, state: found.state, seen: error.sentence, next: found.next };
  }
};
