import { utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findBundle, newerSource } from "../../../azure/definition/bundle.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

const HERE = { cwd: "/", env: {}, commandFolder: "/nowhere" };

test("the bundle is that of the project whose Python would start it", () => {
  const folder = temporaryProject({ "dist/bridge.cjs": "", "flat/bridge.cjs": "", "flat/test.py": "" });
  const at = (...path: string[]) => join(folder, ...path);
  expect(findBundle(at("multi.py"), [], HERE)).toBe(at("dist/bridge.cjs"));
  expect(findBundle(at("locustfiles/learn.py"), [], HERE)).toBe(at("dist/bridge.cjs"));
  expect(findBundle(at("mine/test.py"), [at("locustfiles/bridge_process.py")], HERE)).toBe(at("dist/bridge.cjs"));
  expect(findBundle(at("flat/test.py"), [], HERE)).toBe(at("flat/bridge.cjs"));
  expect(findBundle(at("mine/test.py"), [], HERE)).toBeNull();
  expect(
    findBundle(at("mine/test.py"), [], { ...HERE, cwd: folder, env: { SWARMBRIDGE_BUNDLE: "dist/bridge.cjs" } }),
  ).toBe(at("dist/bridge.cjs"));
});

test("a project without one gets that of the command; its own and the one that is named come first", () => {
  const own = temporaryProject({ "dist/bridge.cjs": "" });
  const project = temporaryProject({ "mine/test.py": "", "built/test.py": "", "built/dist/bridge.cjs": "" });
  const around = { ...HERE, cwd: project, commandFolder: join(own, "cli") };
  expect(findBundle(join(project, "mine/test.py"), [], around)).toBe(join(own, "dist/bridge.cjs"));
  const bundled = { ...around, commandFolder: join(own, "dist") };
  expect(findBundle(join(project, "mine/test.py"), [], bundled)).toBe(join(own, "dist/bridge.cjs"));
  const built = join(project, "built/dist/bridge.cjs");
  expect(findBundle(join(project, "built/test.py"), [], around)).toBe(built);
  const named = { ...around, env: { SWARMBRIDGE_BUNDLE: "built/dist/bridge.cjs" } };
  expect(findBundle(join(project, "mine/test.py"), [], named)).toBe(built);
  const absent = { ...around, env: { SWARMBRIDGE_BUNDLE: "nowhere.cjs" } };
  expect(findBundle(join(project, "mine/test.py"), [], absent)).toBeNull();
});

test("a source that was changed after the build is found; without sources there is nothing to compare", () => {
  const sources = {
    "bridge/main.ts": "",
    "auth/deep/one.ts": "",
    "auth/notes.md": "",
    "record/a.ts": "",
    "config/b.ts": "",
  };
  const folder = temporaryProject({ ...sources, "dist/bridge.cjs": "" });
  const bundle = join(folder, "dist/bridge.cjs");
  utimesSync(bundle, 2_000_000_000, 2_000_000_000);
  expect(newerSource(bundle)).toBeNull();
  utimesSync(join(folder, "auth/notes.md"), 2_000_000_001, 2_000_000_001);
  expect(newerSource(bundle)).toBeNull();
  utimesSync(join(folder, "auth/deep/one.ts"), 2_000_000_001, 2_000_000_001);
  expect(newerSource(bundle)).toBe("auth/deep/one.ts");
  expect(newerSource(join(temporaryProject({ "dist/bridge.cjs": "" }), "dist/bridge.cjs"))).toBeNull();
});
