/** Place, time, target, versions and settings of a run, and how to repeat it. R111, R112, T18. */
import { countedText, countText, durationText } from "../../record/duration-text.ts";
import { clocksOf, clockText } from "../../record/machine-clock.ts";
import type { RunFile } from "../../record/run-file.ts";
import { runMs } from "../../record/run-length.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Facts, Inline, Section } from "../document.ts";
import { hasOwnLimits } from "../limits-of.ts";
import { repeatCommand } from "../repeat-command.ts";
import { settingRows } from "../setting-rows.ts";
import { shownAddress } from "../shown-address.ts";
import { code, codes } from "../span.ts";

type Row = Facts["rows"][number];

export const settingSection = ({ record: { file }, now }: ReportContext): Section => {
  const servers = Object.entries(file.servers);
  const command = repeatCommand(file.plan);
  const clocks = clockText(file);
  return {
    id: "setting",
    title: "Setting",
    blocks: [
      {
        kind: "facts",
        rows: [
          ["run", [code(file.id)]],
          ["began", `${file.startedAt}, for ${durationText(runMs(file))}`],
          ["ended", file.endReason ?? (file.state === "complete" ? "no reason given" : "not: its process was killed")],
          ["made the load", placeText(file)],
          ...(clocks === "" ? [] : [["clocks", clocks] satisfies Row]),
          ...versionRows(file.versions),
          ...(command === null ? [] : [["to repeat", [code(command)]] satisfies Row]),
          ["this report", now.toISOString()],
        ],
      },
      {
        kind: "table",
        caption: "Targets",
        columns: [{ title: "server" }, { title: "address" }, { title: "class" }, { title: "limits" }],
        rows: servers.map(([name, settings]) => [
          { text: [code(name)] },
          { text: [code(shownAddress(textOf(settings.url)))] },
          { text: textOf(settings.targetClass) },
          hasOwnLimits(file, name) ? "its own" : "our defaults",
        ]),
        shownRows: 30,
      },
      ...loopbackNote(file),
      {
        kind: "details",
        summary: "Load as it was planned, and the settings of each server",
        blocks: [
          settingsTable("The plan", file.plan),
          ...servers.map(([name, settings]) => settingsTable(`Settings of ${name}, without secrets`, settings)),
        ],
      },
    ],
  };
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "-");

const versionRows = (versions: RunFile["versions"]): Row[] => {
  const others = Object.entries(versions).filter(([name]) => name !== "os");
  return others.length === 0 ? [] : [["versions", others.map(([name, version]) => `${name} ${version}`).join(", ")]];
};

const placeText = ({ origin, versions, parts }: RunFile): Inline => {
  const machines = clocksOf({ parts });
  const own = machines > 1 ? `${countText(machines)} machines` : "this record's machine";
  const where =
    origin === undefined
      ? `${own}${versions.os === undefined ? "" : `, ${versions.os}`}`
      : `Azure Load Testing, ${countedText(origin.engines.length, "engine")}`;
  return parts.length > 1 ? `${where}, ${countText(parts.length)} processes` : where;
};

/** Without a network in between: neither a promise to users nor a measure for another machine. */
const loopbackNote = ({ servers }: RunFile): Block[] => {
  const local = Object.entries(servers).filter(([, { targetClass }]) => targetClass === "loopback");
  if (local.length === 0) return [];
  return [
    {
      kind: "paragraph",
      tone: "warning",
      text: [
        ...codes(local.map(([name]) => name)),
        " ran on the machine that made the load: no network is in these times, and both shared its cores. Compare them with runs of this machine alone; users of a remote server wait longer.",
      ],
    },
  ];
};

const settingsTable = (caption: string, settings: Readonly<Record<string, unknown>>): Block => ({
  kind: "table",
  caption,
  columns: [{ title: "setting" }, { title: "value" }],
  rows: settingRows(settings).map(([key, value]) => [{ text: [code(key)] }, { text: [code(value)] }]),
  shownRows: 60,
});
