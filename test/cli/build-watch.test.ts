import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sourceStates, sourcesChanged } from "../../src/cli/watch-sources.ts";
import { scratch, writeSource } from "../helpers/guest.ts";
import { spear } from "../helpers/spear.ts";

test("the wait for a change ends with a change, and with its signal", async () => {
	const file = join(scratch(), "watched.txt");
	await writeFile(file, "1");
	const controller = new AbortController();
	assert.is(await sourcesChanged([file], new Map([[file, "absent"]]), controller.signal), true);
	const appears = join(scratch(), "appears.txt");
	const changed = sourcesChanged([file, appears], new Map(), controller.signal);
	setTimeout(() => writeFile(appears, "12"), 100);
	assert.is(await changed, true);
	const again = sourcesChanged([file], await sourceStates([file]), controller.signal);
	controller.abort();
	assert.is(await again, false);
	assert.is(await sourcesChanged([file], new Map(), controller.signal), false);
});

test("`build --watch` builds again after a change and after a fault, until it is interrupted", async () => {
	const entry = await writeSource("export const run = () => '';\n");
	const lines: string[] = [];
	const { code, stderr } = await spear(["build", entry, "--world", "chat-agent", "--watch", "--json"], {
		keepStdinOpen: true,
		onStart(child) {
			child.stdout?.on("data", async (data: Buffer) => {
				lines.push(...data.toString().trim().split("\n"));
				if (lines.length === 1) await writeFile(entry, "export const run = 4 +* 2;\n");
				if (lines.length === 2) await writeFile(entry, "export const run = () => 'again';\n");
				if (lines.length === 3) child.kill("SIGINT");
			});
		},
	});
	assert.is(code, 130, stderr);
	assert.equal(
		lines.map((line) => JSON.parse(line).ok),
		[true, false, true],
	);
});

test.run();
