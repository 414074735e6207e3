/** What a browser lets a page do: its own one script and its own one style, no request, no form, no other base. */
import { createHash } from "node:crypto";
import type { PageFiles } from "./page-files.ts";

/** @see https://www.w3.org/TR/CSP3/ (`frame-ancestors` and `sandbox` are not heard from a meta element) */
export const contentPolicy = ({ script, style }: PageFiles): string =>
  [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
