/**
 * What of a large answer is looked at: enough for the judgement that a small one gets (`json-rpc.ts`, `tool-result.ts`),
 * and of a list only the first item, so that what is kept is bounded however large the answer is.
 */
export interface Shape {
  /** Members of an object that are kept. Absent: an object is kept as an empty one. */
  readonly members?: Readonly<Record<string, Shape>>;
  /** What is kept of an array's first item. Absent: an array is kept as an empty one. */
  readonly first?: Shape;
  /** The text whose length is the length of the first content. */
  readonly isMeasured?: true;
  /** Base64 that is cut off is base64 no more: of a long one nothing is kept. */
  readonly isWhole?: true;
}

const SCALAR: Shape = {};
const TEXT: Shape = { isMeasured: true };
const BINARY: Shape = { isMeasured: true, isWhole: true };

const RESOURCE: Shape = { members: { uri: SCALAR, mimeType: SCALAR, text: TEXT, blob: BINARY } };

/** One block of content (2025-11-25, server/tools). */
const BLOCK: Shape = {
  members: {
    type: SCALAR,
    text: TEXT,
    data: BINARY,
    mimeType: SCALAR,
    uri: SCALAR,
    name: SCALAR,
    resource: RESOURCE,
  },
};

const RESULT: Shape = {
  members: {
    resultType: SCALAR,
    isError: SCALAR,
    content: { first: BLOCK },
    structuredContent: SCALAR,
    contents: { first: RESOURCE },
    messages: { first: { members: { role: SCALAR, content: BLOCK } } },
    completion: { members: { values: { first: SCALAR }, total: SCALAR, hasMore: SCALAR } },
    _meta: {
      members: { progressToken: SCALAR, "io.modelcontextprotocol/related-task": { members: { taskId: SCALAR } } },
    },
  },
};

/** What servers tell and ask beside answers: as much as counting and the scripted answers need. */
const PARAMS: Shape = {
  members: { progressToken: SCALAR, progress: SCALAR, level: SCALAR, messages: SCALAR, maxTokens: SCALAR },
};

export const MESSAGE: Shape = {
  members: {
    jsonrpc: SCALAR,
    id: SCALAR,
    method: SCALAR,
    params: PARAMS,
    result: RESULT,
    error: { members: { code: SCALAR, message: SCALAR } },
  },
};
