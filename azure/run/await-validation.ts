/** Waits until Azure has looked at every uploaded file. */

import { AzureError } from "../azure-error.ts";
import type { TestFile } from "../plane/data-plane.ts";
import { persistently } from "./persistently.ts";
import type { RunContext } from "./run-context.ts";

/** The service's own words may be long; they are bounded for an error of one screen. */
const LONGEST_DETAIL = 600;

/**
 * @param uploaded names of the files that must be there
 * @throws {AzureError} AZURE_VALIDATION with the service's own words for the first file that it refuses, the script first;
 * or when it has not come to an end in time
 */
export const awaitValidation = async (
  context: RunContext,
  testId: string,
  uploaded: readonly string[],
): Promise<void> => {
  const { plane, clock, pace, tell } = context;
  const startMs = clock.nowMs();
  const untilMs = startMs + pace.validationLimitMs;
  for (;;) {
    const files = await persistently(context, untilMs, () => plane.files(testId));
    const failed = files.filter(({ validationStatus }) => validationStatus === "VALIDATION_FAILURE");
    if (failed.length > 0) throw refusalOf(failed);
    const looked = new Set(
      files.flatMap(({ fileName, validationStatus }) => (validationStatus === "VALIDATION_INITIATED" ? [] : fileName)),
    );
    // One that is not listed yet has not been looked at either.
    const names = [...new Set([...uploaded, ...files.map(({ fileName }) => fileName)])].filter(
      (name) => !looked.has(name),
    );
    if (names.length === 0) break;
    const elapsedMs = clock.nowMs() - startMs;
    if (clock.nowMs() >= untilMs) {
      const why = `not validated after ${Math.round(elapsedMs / 60_000)} minutes`;
      throw new AzureError("AZURE_VALIDATION", { place: names.join(", "), why });
    }
    tell({ what: "validating", names, elapsedMs });
    await clock.sleep(pace.validationPollMs);
  }
  tell({ what: "validated" });
};

const refusalOf = (failed: readonly TestFile[]): AzureError => {
  const first = failed.find(({ fileType }) => fileType === "TEST_SCRIPT") ?? (failed[0] as TestFile);
  const others = failed.length === 1 ? "" : `; ${failed.length - 1} more: ${namesBut(failed, first)}`;
  const why = (first.validationFailureDetails ?? "Azure gives no reason").slice(0, LONGEST_DETAIL);
  return new AzureError("AZURE_VALIDATION", { place: first.fileName, why: why + others });
};

const namesBut = (files: readonly TestFile[], one: TestFile): string =>
  files
    .filter((file) => file !== one)
    .map(({ fileName }) => fileName)
    .join(", ");
