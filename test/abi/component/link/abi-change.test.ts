/** Old guests on hosts of later ABIs, and guests of later ABIs on the host of today: who runs, and what a refusal says. */
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compatibleVersions } from "../../../../src/abi/component/abi-version.ts";
import type { ImportObject } from "../../../../src/abi/component/import-object.ts";
import { type LoadOptions, loadComponent } from "../../../../src/abi/component/load.ts";
import { isFullRun } from "../../../helpers/full-run.ts";
import { type FutureAbi, futureAbi, guestFor, LATER, LATEST, NEXT, NOW, type WitEdit } from "../../../helpers/future-abi.ts";
import { ROOT, scratch } from "../../../helpers/guest.ts";
import { scriptedHost } from "../../../helpers/guest-host.ts";
import { isRunnable, KEPT_GUESTS, oldGuest } from "../../../helpers/old-guests.ts";

/** Version of the kept guests that this host runs. */
const OLD = oldGuest("log-line").version;

/** Engines that a host runs guests on. A short run leaves out the one that compiles each guest for seconds. */
const ENGINES = isFullRun ? (["direct", "jco"] as const) : (["direct"] as const);

/** Adds functions to the interface `log`. */
const addToLog = (text: string): WitEdit => ["log.wit", / {4}log: func\(.*\);/, `$&\n    ${text}`];
const LOG_MANY = addToLog(`/// Writes lines.\n    @since(version = ${LATER})\n    log-many: func(messages: list<string>);`);
const LOG_TWICE = addToLog(`/// Writes a line twice.\n    @since(version = ${LATER})\n    log-twice: func(message: string);`);

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
	test(`${engine}: guests of ${OLD} run on a host of ${LATER} with more functions`, async () => {
		const host = { ...(await abi(LATER, LOG_MANY)), engine };
		for (const { bytes } of KEPT_GUESTS.filter(isRunnable)) assert.equal((await load(bytes, host)).deprecated, []);
		const { imports, log } = scriptedHost([{ text: "Hello.", pieces: ["Hel", "lo."] }]);
		assert.equal(await run(oldGuest("chat-stream").bytes, host, imports), { ok: "Hello." });
		assert.equal(await run(oldGuest("log-line").bytes, host, imports), { ok: "hi" });
		assert.equal(log, ["info a guest in C runs", "info hi"]);
	});

	test(`${engine}: a guest of ${LATER} is refused by a host of ${NOW}, with the missing functions and both versions`, async () => {
		const guest = await guestFor((await abi(LATER, LOG_TWICE, LOG_MANY)).wit, usesNew(LATER));
		assert.is(
			await refusal(guest, { engine }),
			`x.wasm was built for a newer ABI than this host's: the guest needs \`spear:ai/log@${LATER}\`, functions \`log-many\`, \`log-twice\`; this host offers \`spear:ai@${NOW}\`; use a host that offers ${LATER}, or build the guest with the WIT of ${NOW}`,
		);
	});

	test(`${engine}: a guest of ${LATER} with functions of ${NOW} alone is refused by a host of ${NOW}, and the refusal says so`, async () => {
		const guest = await guestFor((await abi(LATER)).wit, usesLog(LATER));
		assert.is(
			await refusal(guest, { engine }),
			`x.wasm was built for a newer ABI than this host's: the guest needs \`spear:ai@${LATER}\`; this host offers \`spear:ai@${NOW}\`, which has the functions that the guest imports, and may behave differently; use a host that offers ${LATER}, or build the guest with the WIT of ${NOW}`,
		);
	});

	test(`${engine}: a guest of a later ABI is refused with the interface that the host lacks`, async () => {
		const { wit } = await abi(
			NEXT,
			["log.wit", "interface log {", "interface journal {"],
			["worlds.wit", "import log;", "import journal;"],
		);
		const guest = await guestFor(wit, {
			imports: `(import "spear:ai/journal@${NEXT}" "log" (func (param i32 i32 i32 i32 i32)))`,
		});
		assert.is(
			await refusal(guest, { engine }),
			`x.wasm was built for a newer ABI than this host's: the guest needs the interface \`spear:ai/journal@${NEXT}\`; this host offers \`spear:ai@${NOW}\`; use a host that offers ${NEXT}, or build the guest with the WIT of ${NOW}`,
		);
	});

	test(`${engine}: a guest of ${OLD} is refused by a host of ${NEXT} that has removed a function, with both versions`, async () => {
		const host = { ...(await abi(NEXT, ["cchat.wit", "complete-stream: func", "complete-in-parts: func"])), engine };
		assert.is(
			await refusal(oldGuest("chat-stream").bytes, host),
			`x.wasm was built for an ABI with which this host's has broken: the guest needs \`spear:ai/cchat@${OLD}\`, function \`complete-stream\`; this host offers \`spear:ai@${NEXT}\`; build the guest with the WIT of ${NEXT}, or run it on a host of ${compatibleVersions(OLD)}`,
		);
	});

	test(`${engine}: a guest of ${OLD} is refused by a host of ${NEXT} also where nothing that it imports has changed`, async () => {
		const host = { ...(await abi(NEXT)), engine };
		assert.is(
			await refusal(oldGuest("log-line").bytes, host),
			`x.wasm was built for an ABI with which this host's has broken: the guest needs \`spear:ai@${OLD}\`; this host offers \`spear:ai@${NEXT}\`, which has the functions that the guest imports, and may behave differently; build the guest with the WIT of ${NEXT}, or run it on a host of ${compatibleVersions(OLD)}`,
		);
	});

	test(`${engine}: deprecated functions are known of the component that imports them, and of no other`, async () => {
		const host = {
			...(await abi(
				LATEST,
				LOG_MANY,
				[
					"log.wit",
					/ {4}@since\(version = 0\.1\.0\)\n {4}log: func/,
					`    ///\n    /// @replaced-by log-many\n    @since(version = 0.1.0)\n    @deprecated(version = ${LATER})\n    log: func`,
				],
				[
					"poll.wit",
					"    @since(version = 0.1.0)\n    resource pollable {",
					`    @since(version = 0.1.0)\n    @deprecated(version = ${LATEST})\n    resource pollable {`,
				],
				[
					"tts.wit",
					"@since(version = 0.1.0)\ninterface tts {",
					`@since(version = 0.1.0)\n@deprecated(version = ${LATEST})\ninterface tts {`,
				],
			)),
			engine,
		};
		const log = { name: "spear:ai/log#log", since: LATER, replacement: "log-many" };
		const pollable = (name: string) => ({ name: `spear:ai/poll#[method]pollable.${name}`, since: LATEST });
		const names = async (guest: string) => (await load(oldGuest(guest).bytes, host)).deprecated;
		assert.equal(await names("log-line"), [log]);
		const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
		assert.equal([...(await names("chat-stream"))].sort(byName), [log, pollable("block")].sort(byName));
		assert.equal(
			[...(await names("all-families"))].sort(byName),
			[log, pollable("block"), pollable("ready"), { name: "spear:ai/tts", since: LATEST }].sort(byName),
		);
		const fresh = await guestFor(host.wit, { imports: `(import "spear:ai/log@${LATEST}" "log-many" (func (param i32 i32)))` });
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

test(`a guest of ${OLD} is refused by a host of ${NEXT} whose record has one more field, with both types`, async () => {
	assert.is(
		await refusal(oldGuest("log-line").bytes, await abi(NEXT, MORE_FIELDS)),
		`x.wasm was built for an ABI with which this host's has broken: the guest needs \`spear:ai/log@${OLD}\`, function \`log\` with another type (\`log\` is ${typeOfLog(FIELD[1])} here and ${typeOfLog(FIELD[0])} in the guest); this host offers \`spear:ai@${NEXT}\`; build the guest with the WIT of ${NEXT}, or run it on a host of ${compatibleVersions(OLD)}`,
	);
});

test(`a guest of ${NEXT} whose record has one more field is refused by a host of ${NOW}, with both types`, async () => {
	const guest = await guestFor((await abi(NEXT, MORE_FIELDS)).wit, usesLog(NEXT));
	assert.is(
		await refusal(guest, {}),
		`x.wasm was built for a newer ABI than this host's: the guest needs \`spear:ai/log@${NEXT}\`, function \`log\` with another type (\`log\` is ${typeOfLog(FIELD[0])} here and ${typeOfLog(FIELD[1])} in the guest); this host offers \`spear:ai@${NOW}\`; use a host that offers ${NEXT}, or build the guest with the WIT of ${NOW}`,
	);
});

test("a host that breaks its ABI without another version refuses old guests all the same", async () => {
	const removed = await abi(LATER, ["cchat.wit", "complete-stream: func", "complete-in-parts: func"]);
	assert.is(
		await refusal(oldGuest("chat-stream").bytes, removed),
		`x.wasm cannot be instantiated: it imports what this host does not offer: spear:ai/cchat@${OLD}: complete-stream`,
	);
	assert.is(
		await refusal(oldGuest("log-line").bytes, await abi(LATER, MORE_FIELDS)),
		`x.wasm imports spear:ai/log@${OLD}#log with another type than this host's: the host has ${typeOfLog(FIELD[1])}, the component ${typeOfLog(FIELD[0])}; build the guest with the WIT of this release`,
	);
});

test("a guest that imports types alone is refused by the type of its run, with both versions", async () => {
	const { wit, ...host } = await abi(NEXT, ["types.wit", "enum error-code {", "enum error-code {\n        /// Fire.\n        fire,"]);
	const guest = await guestFor(wit, { imports: "" });
	const advice = "build the guest for a world of spear:ai";
	assert.match(await refusal(guest, {}), `; it was built for \`spear:ai@${NEXT}\`, and this host offers \`spear:ai@${NOW}\`; ${advice}`);
	assert.equal(await run(guest, host, {}), { ok: "hi" });
	const old = await guestFor(join(ROOT, "generated/guest/wit"), { imports: "" });
	assert.match(await refusal(old, host), `; it was built for \`spear:ai@${NOW}\`, and this host offers \`spear:ai@${NEXT}\`; ${advice}`);
});

test("a refusal lists a few of many missing functions, and counts the others", async () => {
	const names = Array.from({ length: 12 }, (_, index) => `log-${String.fromCharCode(97 + index)}`);
	const more = names.map((name) => `/// Logs.\n    @since(version = ${LATER})\n    ${name}: func();`).join("\n    ");
	const imports = names.map((name) => `(import "spear:ai/log@${LATER}" "${name}" (func))`).join("\n");
	const guest = await guestFor((await abi(LATER, addToLog(more))).wit, { imports });
	assert.match(
		await refusal(guest, {}),
		"functions `log-a`, `log-b`, `log-c`, `log-d`, `log-e`, `log-f`, `log-g`, `log-h`, and 4 more; this host offers",
	);
});

test.run();
