/** Where the recorder's thread starts: the bundle is its own entry, from the sources the record room knows best. */

declare const SWARMBRIDGE_VERSION: string | undefined;

/** The part of `startRecorder`'s options that says it. */
export const RECORDER_ENTRY: { readonly entry?: URL } =
  typeof SWARMBRIDGE_VERSION === "string" ? { entry: new URL(import.meta.url) } : {};
