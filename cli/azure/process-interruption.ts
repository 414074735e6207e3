import type { Output } from "../output.ts";
import { takeSignals } from "../take-signals.ts";
import { Interruption } from "./interruption.ts";
import { outliveReader } from "./outlive-reader.ts";
import { printReport } from "./run-report.ts";
import type { RunScreen } from "./run-screen.ts";

/** Of this process: from now on its signals mean what `Interruption` says, and no lost reader ends it. @returns also what gives the signals back */
export const processInterruption = (
  screen: RunScreen,
  output: Output,
  isJson: boolean,
): { readonly interruption: Interruption; readonly release: () => void } => {
  const interruption = new Interruption({
    isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true && !isJson,
    say: (text) => screen.say(text),
    ask: async (question) => {
      screen.hold(true);
      try {
        return await answerOf(question);
      } finally {
        screen.hold(false);
      }
    },
    exit: (code, leaving, run) => {
      if (isJson) printReport(output, code, { run, error: { code: "INTERRUPTED", ...leaving } });
      process.exit(code);
    },
  });
  outliveReader();
  return { interruption, release: takeSignals((signal) => void interruption.take(signal)) };
};

const answerOf = (question: string): Promise<string> =>
  new Promise((resolve, reject) => {
    process.stdout.write(`\n${question}`);
    const done = (settle: () => void): void => {
      process.stdin.pause();
      process.stdin.removeAllListeners("data").removeAllListeners("end");
      settle();
    };
    process.stdin.once("data", (chunk) => done(() => resolve(String(chunk))));
    process.stdin.once("end", () => done(() => reject(new Error("nobody is there"))));
    process.stdin.resume();
  });
