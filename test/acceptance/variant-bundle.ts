/**
 * Builds a bundle in which single modules are replaced: bridges that leak, for tests that must see them leak.
 * The product has no switch for it.
 *
 *   node variant-bundle.ts OUT [redactor-off] [leak]
 */

import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { bundleOptions } from "../../scripts/build.mjs";

const VARIANTS = {
  /** Finds nothing, cleans nothing. */
  "redactor-off": {
    file: /bridge\/redactor\.ts$/,
    text: `export class Redactor {
      learn() {}
      clean(text) { return text; }
      cleanWord(text) { return text; }
      cleanJson(json) { return json; }
      cleanValue(value) { return value; }
    }
    export const isOrdinary = () => false;`,
  },
  /** What a server says goes into details as it is: somebody has broken the first line. */
  leak: {
    file: /bridge\/outcome\.ts$/,
    replace: (text: string): string =>
      text.replace("for (const secret of secrets)", "for (const secret of [] as string[])"),
  },
} as const;

const [out, ...wanted] = process.argv.slice(2);
if (out === undefined) throw new Error("where to?");

await build({
  ...bundleOptions,
  entryPoints: ["bridge/main.ts"],
  outfile: out,
  plugins: wanted.map((name) => {
    const variant = VARIANTS[name as keyof typeof VARIANTS];
    return {
      name,
      setup: ({ onLoad }) => {
        onLoad({ filter: variant.file }, async ({ path }) => {
          const original = await readFile(path, "utf8");
          const contents = "text" in variant ? variant.text : variant.replace(original);
          if (contents === original) throw new Error(`${path} is not what ${name} was made for`);
          return { contents, loader: "ts" };
        });
      },
    };
  }),
});
