/** The servers that the run will reach from the engines. */

import { basename } from "node:path";
import { fileReaderIn } from "../../auth/real-world.ts";
import { urlWithoutQuery } from "../../config/describe.ts";
import type { Lookup } from "../../config/environment.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { targetClass } from "../../config/target-class.ts";
import type { Draft } from "./draft.ts";
import { checkCredential, type EngineReach } from "./engine-credentials.ts";
import type { EngineSettings } from "./engine-settings.ts";
import { heldUsers, holdOf } from "./held-users.ts";
import type { Target } from "./test-definition.ts";

/** @param named servers of the locustfile's classes; empty when unknown */
export const engineTargets = (
  draft: Draft,
  { servers, files }: Pick<EngineSettings, "servers" | "files">,
  { named, lookup }: { readonly named: ReadonlySet<string>; readonly lookup: Lookup },
): Target[] => {
  const here = new Map(files.map(({ path }) => [basename(path), path]));
  const read = fileReaderIn(draft.settings.folder);
  const reach: EngineReach = { lookup, readFile: (path, most) => read(here.get(path) ?? path, most) };
  // Also of one that is not tested: the bridge looks at the whole file.
  for (const server of Object.values(servers)) checkKeyFile(draft, server);
  const tested = Object.values(servers).filter(({ name }) => named.size === 0 || named.has(name));
  if (tested.length === 0) {
    draft.faults.report(["azure", "testPlan"], "names a locustfile none of whose servers stands in servers");
    return [];
  }
  const targets = tested.map((server): Target => {
    const missing = checkCredential(draft, server, reach);
    const { name, url, allow } = server;
    return { name, url: urlWithoutQuery(url), class: targetClass(url), allow, missing };
  });
  const left = targets.filter(({ missing }) => missing !== null);
  if (left.length === targets.length) {
    const names = left.map(({ missing }) => missing).join(" or ");
    draft.faults.report(["servers"], `would all be left out on an engine: name ${names} under azure.secrets`);
  } else {
    for (const { name, missing } of left) {
      draft.warn(`${name} is left out on an engine: ${missing} is neither in azure.secrets nor in azure.env.`);
    }
  }
  for (const target of targets) {
    warnOfReach(draft, target);
    warnOfHold(draft, target);
  }
  return targets;
};

const checkKeyFile = ({ faults }: Draft, { name, tls }: ServerSettings): void => {
  if (tls.key === undefined) return;
  faults.report(
    ["servers", name, "tls", "key"],
    "is a private key, which does not go to an engine: Azure brings a certificate from Key Vault only (azure.certificates)",
  );
};

const warnOfReach = ({ azure, warn }: Draft, target: Target): void => {
  if (target.class === "loopback") warn(`${target.name} is at ${target.url}: on an engine that is the engine itself.`);
  else if (target.class === "private" && azure.subnetId === undefined) {
    warn(
      `${target.name} is at ${target.url}, a private address: engines reach it from a subnet only (azure.subnetId).`,
    );
  }
};

/** One that is left out is said already. */
const warnOfHold = ({ azure: { engineInstances: engines }, warn }: Draft, target: Target): void => {
  const hold = target.missing === null ? holdOf(target) : null;
  if (hold === null || heldUsers(hold, engines) > 0) return;
  const why = target.allow === null ? "a public server without allow" : "its allow";
  warn(
    `${target.name} is held to ${hold.users} users (${why}), fewer than one for each of ${engines} engines: it gets none.`,
  );
};
