/** The script and the style of a report's page as the sources have them now, whatever was built last. */
import { build } from "esbuild";
import type { PageFiles } from "../../report/html/page-files.ts";
import { pageOptions } from "../../scripts/build.mjs";

export const pageFromSource = async (): Promise<PageFiles> => {
  const [script, style] = await Promise.all(["report/page/main.ts", "report/page/page.css"].map(bundled));
  return { script: script ?? "", style: style ?? "" };
};

const bundled = async (entry: string): Promise<string> => {
  const { outputFiles } = await build({ ...pageOptions, entryPoints: [entry], outdir: "dist", write: false });
  return outputFiles[0]?.text.trim() ?? "";
};
