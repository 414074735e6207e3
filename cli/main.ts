/** The `swarmbridge` command: parses what was typed, calls one function, ends with its code. Every subcommand is loaded when used. */

import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { VERSION } from "../bridge/version.ts";
import { EXIT, EXIT_OF_SIGNAL } from "./exit-code.ts";
import { tellError } from "./tell-error.ts";

const wholeNumber = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 1.");
};

const EXAMPLES = `
Examples:
  swarmbridge auth check            all servers of loadtest.yaml
  swarmbridge auth check github     one of them
  swarmbridge auth check --json     for scripts
  swarmbridge auth login mine       log in to Azure in the browser, for later

A load test is started with Locust: locust -f multi.py (npm start shows it).
Exit codes: 0 fine, 2 a defect of swarmbridge, 3 wrong input, 4 refused or
unreachable, 130 Ctrl-C.`;

const program = (end: (code: number) => void): Command => {
  const swarmbridge = new Command("swarmbridge")
    .description("Load-tests MCP servers the way agents use them.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", EXAMPLES)
    .configureHelp({ showGlobalOptions: true })
    // Said below, as every other error.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
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
  return swarmbridge;
};

const run = async (words: readonly string[]): Promise<number> => {
  let code: number = EXIT.fine;
  const swarmbridge = program((ended) => {
    code = ended;
  });
  try {
    if (words.length === 0) swarmbridge.outputHelp();
    else await swarmbridge.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.fine; // help, version
    return tellError(error, words.includes("--json"));
  }
};

const main = async (): Promise<void> => {
  // An exit, and not the signal's own end: at an exit the programs that run for a token are killed.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(EXIT_OF_SIGNAL[signal]));
  }
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read the output has seen enough: `swarmbridge auth check | head -1`.
    if (error.code === "EPIPE") process.exit(EXIT.fine);
    throw error;
  });
  process.exitCode = await run(process.argv.slice(2));
};

void main();
