import * as z from "zod";
import { isSecretName } from "./secret-shape.ts";

/** What is said of a text that is none. */
export const URL_RULE = "must be an http or https URL such as https://example.com/mcp";

/** A server's address. Refuses what would put a secret into it or has no meaning in a request. */
export const urlSchema = z
  .string(URL_RULE)
  .max(2000, "must be at most 2000 characters long")
  .superRefine((text, context) => {
    const fault = urlFault(text);
    if (fault !== null) context.addIssue({ code: "custom", message: fault });
  })
  .meta({
    description: "The server's MCP endpoint (Streamable HTTP).",
    examples: ["https://learn.microsoft.com/api/mcp"],
  });

const urlFault = (text: string): string | null => {
  const url = URL.parse(text);
  // The parser would silently drop line ends and tabs, and mend a missing slash; what is sent must be what is written.
  if (url === null || !/^https?:\/\/[^\s\\]+$/i.test(text)) return URL_RULE;
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password: use auth";
  if (text.includes("#")) return "must not have a fragment (#...): it is never sent";
  return null;
};

/** Names of query parameters in `text`, a URL as it stands in the file, that hold a literal and look like a secret's. */
export const secretParameters = (text: string): string[] =>
  [...new URLSearchParams(text.split("?").slice(1).join("?"))]
    .filter(([name, value]) => value !== "" && isSecretName(name))
    .map(([name]) => name);
