/** `swarmbridge probe`: what can be typed. The work is in `probe/`, loaded when used. */

import type { Command } from "commander";

const EXAMPLES = `
Each probe is a session over a connection of its own: handshake, tools/list,
perhaps a call that only reads, end. The history of a server is in
results/probe/<server>.jsonl.
Exit codes: 0 fine; 1 a used-up budget, two pictures, a regression; 2 cannot be
told; 3 wrong input; 4 no probe of a server went well; 130 Ctrl-C.
What probing itself takes: swarmbridge probe run --help. "run" may be left out,
but not for a server that is called like a command.

Examples:
  swarmbridge probe learn --every 60s --for 8h
  swarmbridge probe --once                    all servers, such as from cron
  swarmbridge probe learn --tool search --args '{"query": "http"}'
  swarmbridge probe report                    what the histories say
  swarmbridge probe import aliveMcp.csv --server learn
  swarmbridge probe compare                   the newest run beside the history
  swarmbridge probe deployed learn --at 2h    did latency hold since then?`;

const HISTORY = ["--history <file>", "this file instead of results/probe/<server>.jsonl"] as const;
const CONFIG = ["-c, --config <file>", "this file instead of loadtest.yaml"] as const;
const output = async () => (await import("./output.ts")).processOutput();

/** @param end called with the exit code */
export const addProbeCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  const probe = swarmbridge
    .command("probe")
    .description("Look at servers lightly for hours or days, and keep what was seen.")
    // What stands behind the name of a command below is that command's; without one all is the first one's.
    .enablePositionalOptions()
    .helpCommand(false)
    .addHelpText("after", EXAMPLES);
  probe
    .command("run", { isDefault: true })
    .description("Probe at an even pace, and sum up at the end.")
    .argument("[server...]", "names in loadtest.yaml (default: all)")
    .option(...CONFIG)
    .option("--every <time>", "from one probe to the next (default: 60s)")
    .option("--for <time>", "how long (default: until Ctrl-C)")
    .option("--once", "one probe of each server")
    .option("--tool <name>", "call this tool, too; it has to say that it only reads")
    .option("--args <json>", "its arguments")
    .option("--may-write", "call it also when it does not say so")
    .option(...HISTORY)
    .option("--json", "print the figures as JSON")
    .action(async (servers: readonly string[], options) => {
      const { probe: run } = await import("./probe/probe.ts");
      const commands = probe.commands.map((command) => command.name());
      end(await run({ ...options, servers, commands }, await output()));
    });
  probe
    .command("report")
    .description("Latency, availability, error budget and trend of the histories.")
    .argument("[server...]", "default: all that have a history")
    .option(...CONFIG)
    .option("--last <time>", "only so far back, such as 24h")
    .option(...HISTORY)
    .option("--json", "print it as JSON")
    .action(async (servers: readonly string[], options) => {
      const { report } = await import("./probe/report.ts");
      end(report({ ...options, servers }, await output()));
    });
  probe
    .command("import")
    .description("Take over the history of another probe: CSV, JSON, or JSON lines.")
    .argument("<file>")
    .requiredOption("--server <name>", "whose history it is")
    .option(...HISTORY)
    .action(async (file: string, options) => {
      const { importFile } = await import("./probe/import.ts");
      end(importFile({ ...options, file }, await output()));
    });
  probe
    .command("compare")
    .description("A run's handshakes beside the history: one picture, or what parts them.")
    .argument("[run]", "a run, or a search for the ceiling (default: the newest run)")
    .option("--server <name>", "default: the only one of the run")
    .option(...HISTORY)
    .option("--json", "print it as JSON")
    .action(async (run: string | undefined, options) => {
      const { compare } = await import("./probe/compare.ts");
      end(compare({ ...options, run }, await output()));
    });
  probe
    .command("deployed")
    .description("After a deployment: did the handshake's latency hold or drop?")
    .argument("<server>")
    .requiredOption("--at <time>", "when it was deployed: a date with its zone, or 2h for two hours ago")
    .option("--window <time>", "how far to look to either side (default: 24h)")
    .option(...HISTORY)
    .option("--json", "print it as JSON")
    .action(async (server: string, options) => {
      const { deployed } = await import("./probe/deployed.ts");
      end(deployed({ ...options, server }, await output()));
    });
};
