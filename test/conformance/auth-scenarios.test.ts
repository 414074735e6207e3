import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AUTH_SCENARIOS, type Fit } from "./auth-scenarios.ts";

const inWords = (fit: Fit): string => {
  if (fit.fits === "whole") return "passes";
  if (fit.fits === "part")
    return `passes what is not about a login: ${fit.checks.map((check) => `\`${check}\``).join(", ")}`;
  return `does not fit: ${fit.why}`;
};

test.each(Object.entries(AUTH_SCENARIOS))("docs/auth.md lists %s with what comes of it", (name, fit) => {
  const docs = readFileSync(new URL("../../docs/auth.md", import.meta.url), "utf8");
  expect(docs).toContain(`\n| \`${name}\` | ${inWords(fit)} |\n`);
});
