/** What the truth server does with a call, in its own words: `bench/truth/server/truth_kinds.py` has the numbers. */

export const KINDS = {
  json: "JSON after 50 ms",
  sse: "server-sent event after 50 ms",
  lognormal: "log-normal, median 40 ms",
  bimodal: "10 ms, one in ten 400 ms",
  freeze: "50 ms, the server freezes for 1 s",
  trickle: "body in 5 pieces over 50 ms",
} as const;

export type Kind = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as Kind[];
