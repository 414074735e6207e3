/** What to do now, by the code of what went wrong. What happened is said by the error or the step itself. */

import type { FindingCode } from "../auth/check/finding.ts";
import type { AzureErrorCode } from "../azure/azure-error.ts";
import type { ConfigError } from "../config/config-error.ts";

/** What a hint may mention. */
export interface HintContext {
  /** The variable, file, vault, program or endpoint that it is about; null when nobody knows. */
  readonly place: string | null;
  readonly server: string;
  readonly strategy: string;
}

type Hint = (context: HintContext) => string;

/** No variable has a dot or a slash in its name; a secret of a vault is named with a blank. */
const FILE = /^\S*[./]\S*$/;

const tokenPlace = ({ place }: HintContext): string => place ?? "the place that auth names";

/** Complete by type: a new code does not compile without its hint. */
export const HINTS = {
  AUTH_MISSING: (context) => {
    if (context.strategy === "keyvault") return "put a token into that secret, or correct secret in loadtest.yaml";
    if (FILE.test(context.place ?? "")) {
      return `write the file ${context.place}, or correct its name in loadtest.yaml`;
    }
    return `set ${tokenPlace(context)} (in the environment or .env), or correct the name in loadtest.yaml`;
  },
  AUTH_UNUSABLE: (context) => `put one line into ${tokenPlace(context)}: the token alone, without blanks`,
  AUTH_UNREADABLE: (context) => `make ${tokenPlace(context)} readable for this user, and smaller than 64 KiB`,
  AUTH_KEY: (context) =>
    `put a private key in PEM (PKCS 8) into ${tokenPlace(context)}, of the kind that algorithm names`,
  AUTH_SCOPE: () => "ask for less: the issuer does not give this scope to this client",
  AUTH_NO_LOGIN: () => "log in (az login), or say in credential what this machine has: managed-identity, environment",
  AUTH_REFUSED: () => "look at what it refused: the client id, the secret, the tenant, the permission on the vault",
  AUTH_UNREACHABLE: () => "is its address right, and does this machine reach it (proxy, firewall, VPN)?",
  AUTH_THROTTLED: () => "wait, and try again",
  AUTH_INVALID: () => "it answers with something else: is its address right, and does no proxy answer in its place?",
  AUTH_EXPIRED: () => "get a new token, or name its source (keyvault, entra, oauth, command), so that it is renewed",
  AUTH_UNTRUSTED: () => "if you know that authorization server, say so: issuer in auth. If not, ask the server's owner",
  AUTH_UNDISCOVERED: () => "say it yourself: scope or issuer in auth (docs/auth.md)",
  AUTH_COMMAND: ({ place }) => `run ${place ?? "the program"} by hand: it must end with 0 and print only the token`,
  AUTH_IDENTITIES: () => "correct identities in loadtest.yaml (docs/auth.md, identities)",
  SERVER_OPEN: () => "if it is meant to be open, auth: none saves the token; if not, tell its owner",
  SERVER_WANTS_CREDENTIAL: () => "give it one: auth in loadtest.yaml (docs/auth.md), or MCP_TOKEN with MCP_SERVER_URL",
  SERVER_UNREACHABLE: () => "is url right, is the server up, and does this machine reach it?",
  SERVER_CERTIFICATE: () => "name the authority's certificate: tls: { ca: FILE }; or is url another host's name?",
  SERVER_STRANGE: () => "is the path in url right? Most MCP servers answer at /mcp",
  TOKEN_REFUSED: () => "is it a token for this server (audience), of the right tenant, and not revoked?",
  TOKEN_EXPIRED: ({ strategy }) =>
    strategy === "bearer"
      ? "get a new token, or name its source (keyvault, entra, oauth, command), so that it is renewed"
      : "its source gives out expired tokens: renew it there; is this machine's clock right?",
  SCOPE_INSUFFICIENT: ({ place }) => `ask for ${place ?? "that scope"}: scope in auth, or permission for the identity`,
  SERVER_FORBIDS: () => "give this identity access on the server",
  TOKEN_ENDS_SOON: () => "for longer runs name its source (keyvault, entra, oauth, command), so that it is renewed",
  CLOCK_OFF: () => "set the clock (NTP): key assertions and expiry dates depend on it",
  DEFECT: () => "report it, with what you typed",
  CONFIG_MISSING: () => "write a loadtest.yaml (docs/configuration.md)",
  CONFIG_UNREADABLE: () => "make the file readable for this user",
  CONFIG_TOO_LARGE: () => "is it the right file?",
  CONFIG_INVALID: () => "correct the lines above (docs/configuration.md)",
  AZURE_UNSET: () =>
    "say it in loadtest.yaml: azure, with subscription, resourceGroup, resource and testId (docs/azure.md)",
  AZURE_NOT_FOUND: () =>
    "are subscription, resourceGroup and resource in loadtest.yaml right? swarmbridge azure bicep prints what must exist",
  AZURE_FORBIDDEN: () =>
    "give this login the role Load Test Contributor on the resource; a new assignment takes some minutes",
  AZURE_UNAUTHORIZED: () => "log in again (az login), and look at the tenant: tenantId in credential",
  AZURE_REFUSED: () => "correct what it names; swarmbridge azure plan shows what would be sent",
  AZURE_CONFLICT: () => "wait until the other change or run has ended, and try again",
  AZURE_THROTTLED: () => "wait some minutes, and try again",
  AZURE_UNREACHABLE: () =>
    "does this machine reach Azure (proxy, firewall, VPN)? If a run was started, it goes on there",
  AZURE_INVALID: () => "does a proxy answer in its place? If not, report it, with the request id",
  AZURE_LINK_EXPIRED: () => "get fresh links: swarmbridge azure download",
  AZURE_VALIDATION: () => "correct what it names; swarmbridge azure rehearse runs the same files here",
  AZURE_RUN_FAILED: () => "look at the run in the portal and at its logs (swarmbridge azure download)",
  AZURE_RUN_CANCELLED: () => "nothing is judged of a run that was stopped; submit it again",
  AZURE_NO_RESULTS: () => "results come some minutes after the end: swarmbridge azure download, or look in the portal",
  AZURE_RESULTS_BROKEN: () =>
    "fetch them again: remove the run's azure folder in results, then swarmbridge azure download",
  AZURE_FILE: () => "is it there, unchanged and readable, and is there room on the disk?",
  AZURE_NO_RUN: () => "name one: swarmbridge azure runs lists them",
} as const satisfies Record<FindingCode | ConfigError["code"] | AzureErrorCode, Hint>;
