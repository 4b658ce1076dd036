/** Old guests on hosts of later ABIs, and guests of later ABIs on the host of today: who runs, and what a refusal says. */
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ImportObject } from "../../../../src/abi/component/import-object.ts";
import { type LoadOptions, loadComponent } from "../../../../src/abi/component/load.ts";
import { type FutureAbi, futureAbi, guestFor, type WitEdit } from "../../../helpers/future-abi.ts";
import { ROOT, scratch } from "../../../helpers/guest.ts";
import { scriptedHost } from "../../../helpers/guest-host.ts";
import { OLD_GUESTS, oldGuest } from "../../../helpers/old-guests.ts";

const ENGINES = ["direct", "jco"] as const;

/** Adds functions to the interface `log`. */
const addToLog = (text: string): WitEdit => ["log.wit", / {4}log: func\(.*\);/, `$&\n    ${text}`];
const LOG_MANY = addToLog("/// Writes lines.\n    @since(version = 0.1.1)\n    log-many: func(messages: list<string>);");
const LOG_TWICE = addToLog("/// Writes a line twice.\n    @since(version = 0.1.1)\n    log-twice: func(message: string);");

/** Imports of a guest of that version, and calls in its `run`. */
const usesLog = (version: string) => ({
	imports: `(import "spear:ai/log@${version}" "log" (func $log (param i32 i32 i32 i32 i32)))`,
	calls: "(call $log (i32.const 2) (local.get $input) (local.get $length) (i32.const 0) (i32.const 0))",
});
const usesNew = (version: string) => ({
	imports: `
		(import "spear:ai/log@${version}" "log" (func (param i32 i32 i32 i32 i32)))
		(import "spear:ai/log@${version}" "log-many" (func (param i32 i32)))
		(import "spear:ai/log@${version}" "log-twice" (func (param i32 i32)))`,
});

async function load(bytes: Uint8Array, options: LoadOptions) {
	return loadComponent(bytes, { cacheDirectory: join(scratch(), "jco"), ...options });
}

/** Returns the message of a refusal, with `x.wasm` for the component. */
async function refusal(bytes: Uint8Array, options: LoadOptions): Promise<string> {
	const error = await load(bytes, options).then(
		() => assert.unreachable("the component was loaded"),
		(thrown: unknown) => thrown,
	);
	const { code, message } = Object(error);
	assert.is(code, "invalid_request");
	return message.replace(/^component [0-9a-f]{12}/, "x.wasm");
}

async function run(bytes: Uint8Array, options: LoadOptions, imports: ImportObject): Promise<unknown> {
	const instance = await (await load(bytes, options)).instantiate(imports);
	try {
		return await instance.run("hi");
	} finally {
		instance.close();
	}
}

async function abi(version: string, ...edits: WitEdit[]): Promise<FutureAbi> {
	return futureAbi(version, edits);
}

for (const engine of ENGINES) {
	test(`${engine}: guests of 0.1.0 run on a host of 0.1.1 with more functions`, async () => {
		const host = { ...(await abi("0.1.1", LOG_MANY)), engine };
		for (const { bytes } of OLD_GUESTS) assert.equal((await load(bytes, host)).deprecated, []);
		const { imports, log } = scriptedHost([{ text: "Hello.", pieces: ["Hel", "lo."] }]);
		assert.equal(await run(oldGuest("0.1.0", "chat-stream").bytes, host, imports), { ok: "Hello." });
		assert.equal(await run(oldGuest("0.1.0", "log-line").bytes, host, imports), { ok: "hi" });
		assert.equal(log, ["info a guest in C runs", "info hi"]);
	});

	test(`${engine}: a guest of 0.1.1 is refused by a host of 0.1.0, with the missing functions and both versions`, async () => {
		const guest = await guestFor((await abi("0.1.1", LOG_TWICE, LOG_MANY)).wit, usesNew("0.1.1"));
		assert.is(
			await refusal(guest, { engine }),
			"x.wasm was built for a newer ABI than this host's: the guest needs `spear:ai/log@0.1.1`, functions `log-many`, `log-twice`; this host offers `spear:ai@0.1.0`; use a host that offers 0.1.1, or build the guest with the WIT of 0.1.0",
		);
	});

	test(`${engine}: a guest of 0.1.1 with functions of 0.1.0 alone is refused by a host of 0.1.0, and the refusal says so`, async () => {
		const guest = await guestFor((await abi("0.1.1")).wit, usesLog("0.1.1"));
		assert.is(
			await refusal(guest, { engine }),
			"x.wasm was built for a newer ABI than this host's: the guest needs `spear:ai@0.1.1`; this host offers `spear:ai@0.1.0`, which has the functions that the guest imports, and may behave differently; use a host that offers 0.1.1, or build the guest with the WIT of 0.1.0",
		);
	});

	test(`${engine}: a guest of a later ABI is refused with the interface that the host lacks`, async () => {
		const { wit } = await abi(
			"0.2.0",
			["log.wit", "interface log {", "interface journal {"],
			["worlds.wit", "import log;", "import journal;"],
		);
		const guest = await guestFor(wit, {
			imports: '(import "spear:ai/journal@0.2.0" "log" (func (param i32 i32 i32 i32 i32)))',
		});
		assert.is(
			await refusal(guest, { engine }),
			"x.wasm was built for a newer ABI than this host's: the guest needs the interface `spear:ai/journal@0.2.0`; this host offers `spear:ai@0.1.0`; use a host that offers 0.2.0, or build the guest with the WIT of 0.1.0",
		);
	});

	test(`${engine}: a guest of 0.1.0 is refused by a host of 0.2.0 that has removed a function, with both versions`, async () => {
		const host = { ...(await abi("0.2.0", ["cchat.wit", "complete-stream: func", "complete-in-parts: func"])), engine };
		assert.is(
			await refusal(oldGuest("0.1.0", "chat-stream").bytes, host),
			"x.wasm was built for an ABI with which this host's has broken: the guest needs `spear:ai/cchat@0.1.0`, function `complete-stream`; this host offers `spear:ai@0.2.0`; build the guest with the WIT of 0.2.0, or run it on a host of 0.1.x",
		);
	});

	test(`${engine}: a guest of 0.1.0 is refused by a host of 0.2.0 also where nothing that it imports has changed`, async () => {
		const host = { ...(await abi("0.2.0")), engine };
		assert.is(
			await refusal(oldGuest("0.1.0", "log-line").bytes, host),
			"x.wasm was built for an ABI with which this host's has broken: the guest needs `spear:ai@0.1.0`; this host offers `spear:ai@0.2.0`, which has the functions that the guest imports, and may behave differently; build the guest with the WIT of 0.2.0, or run it on a host of 0.1.x",
		);
	});

	test(`${engine}: deprecated functions are known of the component that imports them, and of no other`, async () => {
		const host = {
			...(await abi(
				"0.1.2",
				LOG_MANY,
				[
					"log.wit",
					/ {4}@since\(version = 0\.1\.0\)\n {4}log: func/,
					"    ///\n    /// @replaced-by log-many\n    @since(version = 0.1.0)\n    @deprecated(version = 0.1.1)\n    log: func",
				],
				[
					"poll.wit",
					"    @since(version = 0.1.0)\n    resource pollable {",
					"    @since(version = 0.1.0)\n    @deprecated(version = 0.1.2)\n    resource pollable {",
				],
				["tts.wit", "@since(version = 0.1.0)\ninterface tts {", "@since(version = 0.1.0)\n@deprecated(version = 0.1.2)\ninterface tts {"],
			)),
			engine,
		};
		const log = { name: "spear:ai/log#log", since: "0.1.1", replacement: "log-many" };
		const pollable = (name: string) => ({ name: `spear:ai/poll#[method]pollable.${name}`, since: "0.1.2" });
		const names = async (guest: string) => (await load(oldGuest("0.1.0", guest).bytes, host)).deprecated;
		assert.equal(await names("log-line"), [log]);
		const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
		assert.equal([...(await names("chat-stream"))].sort(byName), [log, pollable("block")].sort(byName));
		assert.equal(
			[...(await names("all-families"))].sort(byName),
			[log, pollable("block"), pollable("ready"), { name: "spear:ai/tts", since: "0.1.2" }].sort(byName),
		);
		const fresh = await guestFor(host.wit, { imports: '(import "spear:ai/log@0.1.2" "log-many" (func (param i32 i32)))' });
		assert.equal((await load(fresh, host)).deprecated, []);
	});
}

/** The record `log-field` with one more field. */
const MORE_FIELDS: WitEdit = [
	"log.wit",
	"        value: string,",
	"        value: string,\n        /// Unit.\n        unit: option<string>,",
];
const FIELD = ["record{key:string,value:string}", "record{key:string,value:string,unit:option<string>}"] as const;
const typeOfLog = (field: string): string => `\`(level:enum{trace,debug,info,warn,error},message:string,fields:list<${field}>)\``;

test("a guest of 0.1.0 is refused by a host of 0.2.0 whose record has one more field, with both types", async () => {
	assert.is(
		await refusal(oldGuest("0.1.0", "log-line").bytes, await abi("0.2.0", MORE_FIELDS)),
		`x.wasm was built for an ABI with which this host's has broken: the guest needs \`spear:ai/log@0.1.0\`, function \`log\` with another type (\`log\` is ${typeOfLog(FIELD[1])} here and ${typeOfLog(FIELD[0])} in the guest); this host offers \`spear:ai@0.2.0\`; build the guest with the WIT of 0.2.0, or run it on a host of 0.1.x`,
	);
});

test("a guest of 0.2.0 whose record has one more field is refused by a host of 0.1.0, with both types", async () => {
	const guest = await guestFor((await abi("0.2.0", MORE_FIELDS)).wit, usesLog("0.2.0"));
	assert.is(
		await refusal(guest, {}),
		`x.wasm was built for a newer ABI than this host's: the guest needs \`spear:ai/log@0.2.0\`, function \`log\` with another type (\`log\` is ${typeOfLog(FIELD[0])} here and ${typeOfLog(FIELD[1])} in the guest); this host offers \`spear:ai@0.1.0\`; use a host that offers 0.2.0, or build the guest with the WIT of 0.1.0`,
	);
});

test("a host that breaks its ABI without another version refuses old guests all the same", async () => {
	const removed = await abi("0.1.1", ["cchat.wit", "complete-stream: func", "complete-in-parts: func"]);
	assert.is(
		await refusal(oldGuest("0.1.0", "chat-stream").bytes, removed),
		"x.wasm cannot be instantiated: it imports what this host does not offer: spear:ai/cchat@0.1.0: complete-stream",
	);
	assert.is(
		await refusal(oldGuest("0.1.0", "log-line").bytes, await abi("0.1.1", MORE_FIELDS)),
		`x.wasm imports spear:ai/log@0.1.0#log with another type than this host's: the host has ${typeOfLog(FIELD[1])}, the component ${typeOfLog(FIELD[0])}; build the guest with the WIT of this release`,
	);
});

test("a guest that imports types alone is refused by the type of its run, with both versions", async () => {
	const { wit, ...host } = await abi("0.2.0", ["types.wit", "enum error-code {", "enum error-code {\n        /// Fire.\n        fire,"]);
	const guest = await guestFor(wit, { imports: "" });
	assert.match(
		await refusal(guest, {}),
		/; it was built for `spear:ai@0\.2\.0`, and this host offers `spear:ai@0\.1\.0`; build the guest for a world of spear:ai$/,
	);
	assert.equal(await run(guest, host, {}), { ok: "hi" });
	const old = await guestFor(join(ROOT, "generated/guest/wit"), { imports: "" });
	assert.match(
		await refusal(old, host),
		/; it was built for `spear:ai@0\.1\.0`, and this host offers `spear:ai@0\.2\.0`; build the guest for a world of spear:ai$/,
	);
});

test("a refusal lists a few of many missing functions, and counts the others", async () => {
	const names = Array.from({ length: 12 }, (_, index) => `log-${String.fromCharCode(97 + index)}`);
	const more = names.map((name) => `/// Logs.\n    @since(version = 0.1.1)\n    ${name}: func();`).join("\n    ");
	const imports = names.map((name) => `(import "spear:ai/log@0.1.1" "${name}" (func))`).join("\n");
	const guest = await guestFor((await abi("0.1.1", addToLog(more))).wit, { imports });
	assert.match(
		await refusal(guest, {}),
		"functions `log-a`, `log-b`, `log-c`, `log-d`, `log-e`, `log-f`, `log-g`, `log-h`, and 4 more; this host offers",
	);
});

test.run();
