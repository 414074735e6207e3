import type { Client, ClientCapabilities, ElicitResult } from "@modelcontextprotocol/client";
import type { ScriptedAnswers } from "../../config/settings.ts";

/** What a server that asks its client something gets to hear: the configuration's script, the same every time. */

/** Only what there is an answer for is declared; an elicitation can always be declined. */
export const capabilitiesFor = (answers: ScriptedAnswers): ClientCapabilities => ({
  ...(answers.roots.length > 0 && { roots: {} }),
  ...(answers.sampling !== null && { sampling: {} }),
  elicitation: { form: answers.elicitation === "defaults" ? { applyDefaults: true } : {} },
});

export const answerRequests = (client: Client, answers: ScriptedAnswers): void => {
  const { roots, sampling, elicitation } = answers;
  if (roots.length > 0) client.setRequestHandler("roots/list", () => ({ roots: roots.map((root) => ({ ...root })) }));
  if (sampling !== null) {
    client.setRequestHandler("sampling/createMessage", () => ({
      role: "assistant",
      content: { type: "text", text: sampling },
      model: "scripted",
      stopReason: "endTurn",
    }));
  }
  client.setRequestHandler("elicitation/create", (): ElicitResult => {
    if (elicitation === null) return { action: "decline" };
    // The SDK fills in the schema's defaults (`applyDefaults`).
    return { action: "accept", content: elicitation === "defaults" ? {} : { ...elicitation } };
  });
};
