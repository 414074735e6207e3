/** A small project with an `azure` part, as a user has it, in a folder of its own. */

import { defineTest } from "../../../azure/definition/define-test.ts";
import type { TestDefinition } from "../../../azure/definition/test-definition.ts";
import { FILE_PARTS } from "../../../cli/file-parts.ts";
import { loadFile } from "../../../config/load-settings.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

export const LOCUST_CONF = "users = 40\nspawn-rate = 4\nrun-time = 2m\n";

/** A locustfile in the root and its classes in a folder, as in this repository. */
export const FILES: Readonly<Record<string, string>> = {
  "locust.conf": LOCUST_CONF,
  "multi.py": "from learn import LearnUser\nfrom github import GitHubUser\n",
  "locustfiles/learn.py": 'from mcp_user import McpUser\n\n\nclass LearnUser(McpUser):\n    server = "learn"\n',
  "locustfiles/github.py": 'from mcp_user import McpUser\n\n\nclass GitHubUser(McpUser):\n    server = "github"\n',
  "locustfiles/mcp_user.py": "from locust import User\n",
  "locustfiles/queries.txt": "how to\n",
  "dist/bridge.cjs": "// the bridge\n",
};

const SERVERS = `servers:
  learn:
    url: https://learn.example.com/mcp
  github:
    url: https://github.example.com/mcp
`;

export interface ProjectText {
  /** Lines below `azure:`, indented by two. */
  readonly azure?: string;
  /** In the place of two open servers. */
  readonly servers?: string;
  /** Other keys of the file. */
  readonly more?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
}

export const projectFolder = ({ azure = "", servers = SERVERS, more = "", files = {} }: ProjectText): string =>
  temporaryProject({
    ...FILES,
    ...files,
    "loadtest.yaml": `${servers}${more}azure:\n  testId: mcp-nightly\n${azure}`,
  });

export const defineIn = (folder: string, env: NodeJS.ProcessEnv = {}): TestDefinition => {
  const place = { cwd: folder, project: folder, env, commandFolder: "/nowhere" };
  return defineTest(loadFile(place, FILE_PARTS), place);
};

export const define = (project: ProjectText): TestDefinition => defineIn(projectFolder(project), project.env);

/** The text of a file that is made, or of one that is copied by its path's last part. */
export const textOf = ({ files }: TestDefinition, name: string): string => {
  const file = files.find((one) => one.name === name);
  if (file === undefined || !("text" in file.from)) throw new Error(`${name} is not made`);
  return file.from.text;
};
