import { expect, test } from "vitest";
import { PortError } from "../../bridge/mode/announced-face.ts";
import { told } from "../../bridge/told.ts";
import { ConfigError } from "../../config/config-error.ts";
import { RecordError } from "../../record/record-error.ts";

test("a record that cannot be written is told with its folder and the system's reason", () => {
  const error = new RecordError("RECORD_NOT_WRITABLE", { dir: "/tests/results/one", cause: "EACCES" });
  expect(told(error)).toEqual({
    code: "RECORD_NOT_WRITABLE",
    message: "the folder of the run record cannot be written: /tests/results/one (EACCES)",
    exitCode: 3,
  });
});

test("a record error that names no folder is told as it is", () => {
  const { message } = new RecordError("RECORD_BAD_NAME");
  expect(told(new RecordError("RECORD_BAD_NAME")).message).toBe(message);
});

test("the faults of a configuration are a line each", () => {
  const error = new ConfigError("CONFIG_INVALID", ["loadtest.yaml:1:1: one", "loadtest.yaml:2:1: two"]);
  expect(told(error).message).toBe("loadtest.yaml:1:1: one\nloadtest.yaml:2:1: two");
});

test("an error with an exit code of its own keeps it", () => {
  expect(told(new PortError("http"))).toMatchObject({ code: "PORT_INVALID", exitCode: 3 });
});

test("anything else is a defect of the bridge", () => {
  expect(told("what was thrown").code).toBe("BRIDGE_DEFECT");
});
