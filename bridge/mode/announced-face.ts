import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lookup } from "../../config/environment.ts";
import { makeFolder } from "../../record/record-files.ts";
import type { Faced } from "../face/face.ts";
import type { Redactor } from "../redactor.ts";
import { VERSION } from "../version.ts";
import { resultsRoot } from "./make-bridge.ts";

/**
 * Starts the HTTP face and writes where it is, with its token, to `results/face-<pid>.json`: the token is never
 * printed, and only the user who runs the bridge can read the file.
 */
export const announceFace = async (
  bridge: Faced,
  port: number,
  { carriesOut, redactor, environment }: Announcing,
): Promise<AnnouncedFace> => {
  const token = environment("SWARMBRIDGE_HTTP_TOKEN") ?? randomBytes(32).toString("hex");
  redactor.learn(token);
  // Express is half of the bundle's start-up time: paid only by those who want the face.
  const { startFace } = await import("../face/face.ts");
  const face = await startFace({ bridge, port, token, version: VERSION, carriesOut, redactor });
  const file = join(resultsRoot(), `face-${process.pid}.json`);
  try {
    makeFolder(resultsRoot());
    // Made anew: the rights of a file that is there already would stay, and a link would be followed.
    rmSync(file, { force: true });
    writeFileSync(file, `${JSON.stringify({ url: face.url, token })}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    await face.close();
    throw new FaceFileError(file, { cause });
  }
  return {
    url: face.url,
    file,
    withdraw: () => rmSync(file, { force: true }),
    close: async () => {
      rmSync(file, { force: true });
      await face.close();
    },
  };
};

interface Announcing {
  readonly carriesOut: boolean;
  readonly redactor: Redactor;
  /** May hold `SWARMBRIDGE_HTTP_TOKEN`. */
  readonly environment: Lookup;
}

export interface AnnouncedFace {
  readonly url: string;
  /** Holds url and token. */
  readonly file: string;
  /** Takes the file away, and with it the token, while the face still answers. */
  withdraw(): void;
  close(): Promise<void>;
}

/** @returns the port that `SWARMBRIDGE_HTTP_PORT` asks for; null when no face is wanted */
export const wantedPort = (): number | null => {
  const text = process.env.SWARMBRIDGE_HTTP_PORT;
  if (text === undefined || text === "") return null;
  return parsePort(text);
};

/** @throws {PortError} for anything but 0 to 65535 */
export const parsePort = (text: string): number => {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new PortError(text);
  return port;
};

/** Where the face is cannot be told. Exit code 3. */
export class FaceFileError extends Error {
  readonly code = "FACE_FILE";
  readonly exitCode = 3;
  constructor(file: string, options: ErrorOptions) {
    super(
      `${file} cannot be written, so nobody could find the bridge's HTTP face; SWARMBRIDGE_RESULTS names another folder`,
      options,
    );
    this.name = "FaceFileError";
  }
}

/** The user's input is wrong: exit code 3. */
export class PortError extends Error {
  readonly code = "PORT_INVALID";
  readonly exitCode = 3;
  constructor(text: string) {
    super(`"${text.slice(0, 20)}" is no port: a number from 0 (any free one) to 65535 is needed`);
    this.name = "PortError";
  }
}
