import { specTypeSchemas } from "@modelcontextprotocol/client";
import { WireError } from "../outcome.ts";

/**
 * Whether what came is a tool's result at all. Nearly every one is a list of plain texts, which is seen at a glance;
 * the SDK's own schema, which takes ten times as long, has the word on all others.
 */

type ToolResult = Readonly<Record<string, unknown>>;

type Checked =
  | { readonly value: ToolResult; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** In the form that the SDK's own requests take (https://standardschema.dev). */
export const TOOL_RESULT = {
  "~standard": {
    version: 1,
    vendor: "swarmbridge",
    validate: (value: unknown): Checked =>
      isObject(value) && isPlainTexts(value)
        ? { value }
        : // Nothing in the SDK's schemas of the protocol is asynchronous.
          (specTypeSchemas.CallToolResult["~standard"].validate(value) as Checked),
  },
} as const;

/** @throws {WireError} `protocol`, when it is not of the shape (2025-11-25, server/tools, tool result) */
export const asToolResult = (result: ToolResult): ToolResult => {
  const checked = TOOL_RESULT["~standard"].validate(result);
  if (checked.issues === undefined) return checked.value;
  throw new WireError({
    reason: "protocol",
    detail: `not a tool's result: ${checked.issues[0]?.message ?? "unknown"}`,
  });
};

const isPlainTexts = ({ content, structuredContent, isError, _meta }: ToolResult): boolean =>
  Array.isArray(content) &&
  content.every(isPlainText) &&
  (isError === undefined || typeof isError === "boolean") &&
  (structuredContent === undefined || isObject(structuredContent)) &&
  _meta === undefined;

const isPlainText = (block: unknown): boolean =>
  isObject(block) &&
  block.type === "text" &&
  typeof block.text === "string" &&
  block.annotations === undefined &&
  block._meta === undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
