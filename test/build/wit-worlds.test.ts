import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseWorlds, readWorlds } from "../../src/build/wit-worlds.ts";
import { scratch } from "../helpers/guest.ts";

test("a world has what it imports and what that uses, over every step", () => {
	const wit = parseWorlds(`
		/// world fake { import nothing; }
		package my:calls@1.2.3;
		interface a { use b.{x}; /* world other { import a; } */ record r { y: x } }
		interface b { use c.{z as x}; }
		interface c { type z = u32; }
		world narrow { @since(version = 1.0.0) import b; export run: func(); }
		world wide { include narrow; import a; use d.{e}; }
		interface d { enum e { f } }
	`);
	assert.is(wit.package, "my:calls");
	assert.is(wit.version, "1.2.3");
	assert.equal([...wit.worlds.keys()], ["narrow", "wide"]);
	assert.equal([...(wit.worlds.get("narrow") ?? [])].sort(), ["b", "c"]);
	assert.equal([...(wit.worlds.get("wide") ?? [])].sort(), ["a", "b", "c", "d"]);
});

test("a folder without WIT is named", async () => {
	await readWorlds(scratch()).then(
		() => assert.unreachable(),
		(error) => assert.match(error.message, "holds no .wit file"),
	);
});

test.run();
