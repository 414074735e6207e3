/**
 * First import of every command: says in one sentence that this Node is too old, before anything newer is used.
 * Imports nothing and uses no late syntax, so that an old Node gets as far as the sentence.
 */

const OLDEST_NODE = 18;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  console.error(
    `swarmbridge needs Node ${OLDEST_NODE} or newer, this is ${process.versions.node}. Install a newer Node.`,
  );
  process.exit(3);
}
