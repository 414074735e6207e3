/** What of `azure` and of the criteria goes into the YAML as it stands, in plain sight: no secret, and no character that a reader takes away. */

import type { Path } from "../../config/fault.ts";
import { isMap } from "../../config/is-map.ts";
import { placeholderNames } from "../../config/placeholder.ts";
import { isSecretName } from "../../config/secret-shape.ts";
import { secretIn } from "../../config/secret-text.ts";
import { withoutRandomNames } from "../../config/written-secret.ts";
import type { FailureCriteria } from "../../gate/criterion.ts";
import { type Draft, textsIn } from "./draft.ts";

export const IN_VAULT = "put it into Key Vault and name it under azure.secrets";

/** Parts of a login that everybody may know, though their names begin like a secret's. */
const PUBLIC_NAME =
  /(?:_|^)(?:ID|URL|URI|HOST|SCOPE|SCOPES|AUDIENCE|ISSUER|TENANT|NAME|FILE|TIMEOUT|COUNT|LIMIT|MODE|TYPE|METHOD|VERSION|ENABLED|SECONDS|MINUTES?|SIZE|M(?:AX|IN)_TOKENS)$/i;

export const isSecretVariable = (name: string): boolean => isSecretName(name) && !PUBLIC_NAME.test(name);

/** Keys whose values are ids and addresses of Azure by their schema: those may look random. */
const IDS = new Set([
  "secrets",
  "certificates",
  "subscription",
  "identities",
  "subnetId",
  "resourceId",
  "credential",
  "cloud",
]);

/** Control characters, halves of characters, and what Unicode says is none. A line break or tab may be in a variable. */
const UNWRITABLE = /[\p{Cc}\p{Cs}\u{fffe}\u{ffff}]/u;
const UNWRITABLE_IN_ENV = /[^\P{Cc}\t\n]|[\p{Cs}\u{fffe}\u{ffff}]/u;

/** Expanded, since a variable of this machine would be written with its value. */
export const checkWrittenTexts = ({ azure, written, faults }: Draft, { client, server }: FailureCriteria): void => {
  const azureAsWritten = isMap(written.azure) ? written.azure : {};
  for (const [path, text] of textsIn(azureAsWritten, ["azure"])) {
    const secret = placeholderNames(text).find(isSecretVariable);
    if (secret !== undefined) faults.report(path, `would write the secret ${secret} into the YAML: ${IN_VAULT}`);
  }
  for (const [path, text] of textsIn(azure, ["azure"])) {
    // Its lines have rules of their own (engine-requirements.ts), but one entry is one line.
    const holds = isId(path) || path[1] === "requirements" ? null : secretIn(withoutRandomNames(path, text));
    if (holds !== null) faults.report(path, `holds ${holds}, in plain sight: ${IN_VAULT}`);
    else if ((path[1] === "env" ? UNWRITABLE_IN_ENV : UNWRITABLE).test(text)) faults.report(path, UNWRITTEN);
  }
  const criteria = [...client.filter(({ isLocal }) => !isLocal), ...server];
  if (textsIn(criteria, []).some(([, text]) => UNWRITABLE.test(text))) faults.report(["failureCriteria"], UNWRITTEN);
};

const UNWRITTEN =
  "holds a character that cannot be seen, such as a line break: not every reader of the YAML would keep it";

const isId = (path: Path): boolean => path.some((key) => IDS.has(String(key)));
