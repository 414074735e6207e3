/** `swarmbridge azure …`: what can be typed. The work of each is in a file of its own in `azure/` here, loaded when used. */

import { type Command, Option } from "commander";
import { addAzureRunCommands } from "./azure-run-commands.ts";
import { wholeNumber } from "./whole-number.ts";

type End = (code: number) => void;

/** @param end called with the exit code */
export const addAzureCommands = (swarmbridge: Command, end: End): void => {
  const azure = swarmbridge
    .command("azure")
    .description("The same test on Azure Load Testing (azure in loadtest.yaml, docs/azure.md).");
  addYaml(azure, end);
  addRehearse(azure, end);
  addPlan(azure, end);
  addBicep(azure, end);
  addAzureRunCommands(azure, end);
};

const addYaml = (azure: Command, end: End): void => {
  azure
    .command("yaml")
    .description("Write what Azure's own tools take: its YAML and all files of the test, checked and in one folder.")
    .option("--out <folder>", "where to", "build/azure")
    .option("--print", "only print the YAML, and write nothing", false)
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .action(async ({ config, ...options }) => {
      const [{ azureYaml }, { loadWholeFor }, { processOutput }] = await Promise.all([
        import("./azure/yaml.ts"),
        import("./load-for.ts"),
        import("./output.ts"),
      ]);
      end(azureYaml(loadWholeFor(config), { ...options, cwd: process.cwd() }, processOutput()));
    });
};

const addPlan = (azure: Command, end: End): void => {
  azure
    .command("plan")
    .description("Say what a submission would do, what it costs and what is missing. Changes nothing.")
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .option("--offline", "ask nobody: only what is known here", false)
    .option("--json", "one JSON object instead of lines", false)
    .action(async ({ config, offline, json }) => {
      const [{ azurePlan }, { processOutput }] = await Promise.all([import("./azure/plan.ts"), import("./output.ts")]);
      end(await azurePlan({ config, offline, json }, processOutput()));
    });
};

const addBicep = (azure: Command, end: End): void => {
  azure
    .command("bicep")
    .description("Print what must exist beforehand (resource, identities, vaults, roles) as Bicep.")
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .action(async ({ config }) => {
      const [{ azureBicep }, { loadWholeFor }, { processOutput }] = await Promise.all([
        import("./azure/bicep.ts"),
        import("./load-for.ts"),
        import("./output.ts"),
      ]);
      end(azureBicep(loadWholeFor(config), processOutput()));
    });
};

const addRehearse = (azure: Command, end: End): void => {
  azure
    .command("rehearse")
    .description("Run the folder that would be uploaded here, as engines would: alone, on their Python and Locust.")
    .addOption(
      new Option("--engines <number>", "how many side by side (default: the test's, at most 2)").argParser(wholeNumber),
    )
    .option("--dir <folder>", "what azure yaml has written", "build/azure")
    .option("--python <file>", "this Python instead of a 3.9 that is found")
    .addOption(new Option("--run-time <seconds>", "how long the users run").argParser(wholeNumber).default(30))
    .option("--keep", "leave the engines' folders with their logs where they are", false)
    .action(async ({ runTime, ...options }) => {
      const [{ azureRehearse }, { processOutput }] = await Promise.all([
        import("./azure/rehearse.ts"),
        import("./output.ts"),
      ]);
      end(await azureRehearse({ ...options, runTimeSeconds: runTime }, processOutput()));
    });
};
