/** Shaped like the Azure DevOps Remote server: projects, work items and repositories of one organization. On SDK v2. */

import { McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { SeededText } from "../seeded-text.ts";

const PROJECTS = ["Atlas", "Borealis", "Cascade", "Delta", "Ember", "Fjord", "Glacier", "Harbor"];
/** Work items have ids up to this one; a larger id is a tool error, as for an item that does not exist. */
const LAST_WORK_ITEM = 100_000;

const projectName = z.string().describe("Name or id of the project");
const top = z.number().int().min(1).max(200).default(50).describe("Largest number of entries");
const listProjectsInput = z.object({
  projectNameFilter: z.string().optional().describe("Part of a project's name"),
  top: z.number().int().min(1).max(100).default(100).describe("Largest number of projects"),
});
const workItemInput = z.object({ id: z.number().int().min(1).describe("Id of the work item"), project: projectName });
const myWorkItemsInput = z.object({
  project: projectName,
  type: z.enum(["assignedtome", "myactivity"]).default("assignedtome"),
  top,
});
const reposInput = z.object({ project: projectName, top });

const READ_ONLY = { annotations: { readOnlyHint: true } };

export function azureDevopsServer(text: SeededText): McpServer {
  const server = new McpServer({ name: "demo-azure-devops", version: "1.0.0" });

  server.registerTool(
    "core_list_projects",
    { description: "Lists the projects of the organization.", inputSchema: listProjectsInput, ...READ_ONLY },
    ({ projectNameFilter = "", top }) =>
      json(
        PROJECTS.filter((name) => name.toLowerCase().includes(projectNameFilter.toLowerCase()))
          .slice(0, top)
          .map((name) => ({
            id: uuidOf(text, name),
            name,
            description: text.passage(name, 0, 400),
            state: "wellFormed",
          })),
      ),
  );
  server.registerTool(
    "wit_get_work_item",
    { description: "Gives one work item.", inputSchema: workItemInput, ...READ_ONLY },
    ({ id, project }) =>
      id > LAST_WORK_ITEM
        ? { content: [{ type: "text", text: `TF401232: work item ${id} does not exist` }], isError: true }
        : json(workItem(text, project, id)),
  );
  server.registerTool(
    "wit_my_work_items",
    { description: "Lists the work items of the signed-in user.", inputSchema: myWorkItemsInput, ...READ_ONLY },
    ({ project, type, top }) => {
      const ids = Array.from(
        { length: Math.min(top, 25) },
        (_, index) => 1 + text.number(`${project}${type}${index}`, 9_000),
      );
      return json(ids.map((id) => ({ id, title: text.title(project, id), state: "Active" })));
    },
  );
  server.registerTool(
    "repo_list_repos_by_project",
    { description: "Lists the Git repositories of a project.", inputSchema: reposInput, ...READ_ONLY },
    ({ project, top }) =>
      json(
        Array.from({ length: Math.min(top, 20) }, (_, index) => {
          const name = `${project}-${text.title(project, index).replaceAll(" ", "-")}`.toLowerCase();
          return { id: uuidOf(text, name), name, defaultBranch: "refs/heads/main", size: text.number(name, 1e8) };
        }),
      ),
  );
  return server;
}

const workItem = (text: SeededText, project: string, id: number) => ({
  id,
  rev: 1 + text.number(`${project}${id}`, 30),
  fields: {
    "System.TeamProject": project,
    "System.WorkItemType": ["Bug", "Task", "User Story"][text.number(`${id}`, 3)],
    "System.State": "Active",
    "System.Title": text.title(`${project}${id}`, 0),
    "System.Description": text.passage(`${project}${id}`, 0),
    "Microsoft.VSTS.TCM.ReproSteps": text.passage(`${project}${id}`, 1, 1_000),
  },
});

function uuidOf(text: SeededText, name: string): string {
  const hex = [0, 1, 2, 3]
    .map((part) =>
      text
        .number(`${name}${part}`, 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    )
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const json = (value: unknown) => ({ content: [{ type: "text" as const, text: JSON.stringify(value) }] });
