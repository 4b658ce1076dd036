import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GUEST_WIT } from "../../src/build/build-guest.ts";
import { readWorlds } from "../../src/build/wit-worlds.ts";
import { scratch } from "../helpers/guest.ts";

/** Creates a folder with that text as `worlds.json`. The default is no such file. */
function folder(name: string, text?: string): string {
	const directory = join(scratch(), name);
	mkdirSync(directory);
	if (text !== undefined) writeFileSync(join(directory, "worlds.json"), text);
	return directory;
}

async function refusal(directory: string): Promise<string> {
	try {
		await readWorlds(directory);
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
	throw new Error("the folder should have been refused");
}

test("the worlds of this release are read from the generated folder", async () => {
	const wit = await readWorlds(GUEST_WIT);
	assert.is(wit.package, "spear:ai");
	assert.is(wit.version, "0.1.0");
	assert.equal([...(wit.worlds.get("chat-agent") ?? [])], ["cchat", "log", "output", "poll", "types"]);
});

test("a package without a version is read", async () => {
	const wit = await readWorlds(folder("unversioned", '{ "package": "my:calls", "worlds": { "wide": ["a", "b"], "none": [] } }'));
	assert.equal(wit, {
		package: "my:calls",
		version: undefined,
		worlds: new Map([
			["wide", new Set(["a", "b"])],
			["none", new Set()],
		]),
	});
});

test("a folder without worlds.json is refused with the command that writes it", async () => {
	assert.match(
		await refusal(folder("plain")),
		/plain\/worlds\.json cannot be read: .*; use the folder `guest\/wit` that codegen writes: npm run codegen -- --wit <folder of WIT> --out <new folder>$/,
	);
});

for (const [content, text, fault] of [
	["invalid JSON", "{", "is not JSON"],
	["no package", '{ "worlds": {} }', "lacks `package` or `worlds`"],
	["worlds that are not lists of names", '{ "package": "a:b", "worlds": { "w": [1] } }', "lacks `package` or `worlds`"],
] as const) {
	test(`a worlds.json with ${content} is refused`, async () => {
		assert.match(await refusal(folder(content, text)), `worlds.json ${fault}; `);
	});
}

test.run();
