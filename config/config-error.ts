const MESSAGES = {
  CONFIG_MISSING: "there is no configuration",
  CONFIG_UNREADABLE: "the configuration could not be read",
  CONFIG_TOO_LARGE: "the configuration is too large",
  CONFIG_INVALID: "the configuration has faults",
} as const;

/**
 * Why there are no settings. `faults` says it to the user: one line for each fault, with its place where it has one.
 * Neither `faults` nor `cause` ever quotes a value that came from the environment or that looks like a secret.
 */
export class ConfigError extends Error {
  readonly code: keyof typeof MESSAGES;
  readonly faults: readonly string[];

  constructor(code: ConfigError["code"], faults: readonly string[], options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = "ConfigError";
    this.code = code;
    this.faults = faults;
  }
}
