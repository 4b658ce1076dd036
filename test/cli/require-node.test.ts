/** The command on a Node that cannot parse it, played by a hook that makes every other module of the package a syntax error. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT, scratch } from "../helpers/guest.ts";

const OLDER_NODE = `
import { registerHooks } from "node:module";
Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });
registerHooks({
	load(url, context, next) {
		const isParsed = !url.startsWith("file:") || /\\/(?:cli\\/(?:main|require-node)|runtime\\/node-version)\\.ts$/.test(url);
		return isParsed ? next(url, context) : { format: "module", shortCircuit: true, source: "using reader" };
	},
});
`;

test("an older Node gets the version that is needed, and no syntax error", () => {
	const hook = join(scratch(), "older-node.mjs");
	writeFileSync(hook, OLDER_NODE);
	const { status, stderr } = spawnSync(
		process.execPath,
		["--import", pathToFileURL(hook).href, join(ROOT, "src/cli/main.ts"), "--version"],
		{
			encoding: "utf8",
		},
	);
	assert.equal([status, stderr], [2, "spear: Node 24 or newer is required, and this is 20.20.2\n"]);
});

test.run();
