import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GUEST_WIT } from "../../src/build/build-guest.ts";
import { readWorlds } from "../../src/build/wit-worlds.ts";
import { scratch } from "../helpers/guest.ts";

/** A folder whose `worlds.json` has that text, or that has none. */
function folder(name: string, text?: string): string {
	const directory = join(scratch(), name);
	mkdirSync(directory);
	if (text !== undefined) writeFileSync(join(directory, "worlds.json"), text);
	return directory;
}

async function failure(directory: string): Promise<string> {
	try {
		await readWorlds(directory);
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
	throw new Error("the folder was read");
}

test("the worlds of this release are those of the generated folder", async () => {
	const wit = await readWorlds(GUEST_WIT);
	assert.is(wit.package, "spear:ai");
	assert.is(wit.version, "0.1.0");
	assert.equal([...(wit.worlds.get("chat-agent") ?? [])], ["cchat", "log", "poll", "types"]);
});

test("a package may have no version", async () => {
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

test("a folder of WIT alone is refused with the command that makes it usable", async () => {
	assert.match(
		await failure(folder("plain")),
		/plain\/worlds\.json cannot be read: .*; give the folder `guest\/wit` that codegen writes: npm run codegen -- --wit <folder of WIT> --out <new folder>$/,
	);
});

for (const [what, text, fault] of [
	["text that is no JSON", "{", "is not JSON"],
	["no package", '{ "worlds": {} }', "lacks `package` or `worlds`"],
	["worlds that are no lists of names", '{ "package": "a:b", "worlds": { "w": [1] } }', "lacks `package` or `worlds`"],
] as const) {
	test(`${what} is refused`, async () => {
		assert.match(await failure(folder(what, text)), `worlds.json ${fault}; `);
	});
}

test.run();
