/** `swarmbridge azure …`: what can be typed. The work of each is in a file of its own in `azure/` here, loaded when used. */

import type { Command } from "commander";
import { addAzureRunCommands } from "./azure-run-commands.ts";

type End = (code: number) => void;

/** @param end called with the exit code */
export const addAzureCommands = (swarmbridge: Command, end: End): void => {
  const azure = swarmbridge
    .command("azure")
    .description("The same test on Azure Load Testing (azure in loadtest.yaml, docs/azure.md).");
  addYaml(azure, end);
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
      end(azureYaml(loadWholeFor(config), options, processOutput()));
    });
};
