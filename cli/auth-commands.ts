/** `swarmbridge auth …`: what can be typed. The work is in `auth-check.ts` and `auth-login.ts`, loaded when used. */

import { type Command, Option } from "commander";
import { wholeNumber } from "./whole-number.ts";

/** @param end called with the exit code */
export const addAuthCommands = (swarmbridge: Command, end: (code: number) => void): void => {
  const auth = swarmbridge.command("auth").description("Credentials of the servers under test.").helpCommand(false);
  auth
    .command("check")
    .description("Look at a server's credential step by step, and say what to do. Shows no secret.")
    .argument("[server]", "name in loadtest.yaml (default: all of them)")
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .addOption(new Option("-i, --identity <number>", "with identities: this one, from 1").argParser(wholeNumber))
    .addOption(new Option("--all-identities", "with identities: all of them").conflicts("identity"))
    .option("--json", "one JSON object instead of lines")
    .action(async (server: string | undefined, { config, identity, allIdentities, json }) => {
      const [{ authCheck }, { loadFor }, { processOutput }] = await Promise.all([
        import("./auth-check.ts"),
        import("./load-for.ts"),
        import("./output.ts"),
      ]);
      const options = { server, identity, allIdentities: allIdentities === true, json: json === true };
      end(await authCheck(loadFor(config), options, processOutput()));
    });
  auth
    .command("login")
    .description("Log in to Azure in the browser and keep the login for runs (credential: { use: browser }).")
    .argument("[server]", "name in loadtest.yaml (default: all that use the browser)")
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .action(async (server: string | undefined, { config }) => {
      const [{ authLogin }, { loadFor }, { processOutput }] = await Promise.all([
        import("./auth-login.ts"),
        import("./load-for.ts"),
        import("./output.ts"),
      ]);
      end(await authLogin(loadFor(config), server, processOutput()));
    });
};
