import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../helpers/guest.ts";

/** Runs a script on this Node, which says that it is version 22.18.0. */
function onOlderNode(script: string): { status: number | null; stdout: string; stderr: string } {
	const pretend = 'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.18.0" } })';
	const env = { ...process.env, NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${encodeURI(pretend)}` };
	return spawnSync(process.execPath, [join(ROOT, script), "--help"], { cwd: ROOT, env, encoding: "utf8" });
}

for (const script of ["scripts/test.ts", "scripts/start.ts", "scripts/simulate-router.ts", "scripts/check-layers.ts"])
	test(`${script} on an older Node ends with 2 and says how to run it`, () => {
		const { status, stdout, stderr } = onOlderNode(script);
		assert.is(
			stderr,
			"Node 24 or newer is needed, and this is 22.18.0; run the script through npm (npm test, npm start, npm run …), which uses the Node that npm ci installs\n",
		);
		assert.is(stdout, "");
		assert.is(status, 2);
	});

test.run();
