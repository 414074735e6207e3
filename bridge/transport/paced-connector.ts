import { setImmediate } from "node:timers";
import type { buildConnector } from "undici";

/** Connections begun in one turn of the event loop: some 10 ms of CPU where each is a TLS handshake. */
const PER_TURN = 16;

/**
 * Begins connections in small groups, one for each turn of the event loop. Thousands of sessions that open at once would
 * otherwise make all their TLS handshakes in one turn, seconds in which the bridge hears nobody: not its Locust process
 * either, which then takes it for lost. What waits here is on its way to a socket: it counts as connecting.
 */
export const paced = (connect: buildConnector.connector): buildConnector.connector => {
  const waiting: (() => void)[] = [];
  let begun = 0;
  const nextTurn = (): void => {
    begun = 0;
    for (const begin of waiting.splice(0, PER_TURN)) {
      begun += 1;
      begin();
    }
    if (begun > 0) setImmediate(nextTurn);
  };
  return (options, callback) => {
    if (begun >= PER_TURN) {
      waiting.push(() => connect(options, callback));
      return;
    }
    if (begun === 0) setImmediate(nextTurn);
    begun += 1;
    connect(options, callback);
  };
};
