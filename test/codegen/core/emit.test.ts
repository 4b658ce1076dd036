/** The emitted files for a package with every way in which a function passes its values. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { noMemo } from "../../../codegen/cache/memo.ts";
import { coreEmitter } from "../../../codegen/emit/core/index.ts";
import type { CoreImport } from "../../../generated/abi/core/runtime.ts";
import { abiOf, GeneratedFiles } from "../../helpers/codegen.ts";
import { assertGolden } from "../../helpers/golden.ts";
import { ROOT } from "../../helpers/guest.ts";
import { LAMP } from "../../helpers/lamp-wit.ts";
import { CoreGuest, TestFront } from "./core-guest.ts";
import { coreAbi, SOUND_CORE, spoiltCore } from "./sound-core.ts";

const INPUT = { abi: abiOf(LAMP), config: { enabledBackends: [], disabledBackends: [] }, witFiles: new Map(), memo: noMemo };

async function emit(wit: string = SOUND_CORE): Promise<Map<string, string>> {
	const files = await coreEmitter.emit({ ...INPUT, core: coreAbi(wit) });
	return new Map(files.map(({ path, content }) => [path, String(content)]));
}

/** The emitted files with those that they import. */
async function written(wit?: string): Promise<GeneratedFiles> {
	const files = await emit(wit);
	for (const path of ["ir/json.ts", "abi/component/lowering/runtime.ts"])
		files.set(path, readFileSync(join(ROOT, "generated", path), "utf8"));
	return GeneratedFiles.write(files);
}

const generated = await written();
const { LAMPS_IMPORTS } = await generated.load("abi/core/lamps.ts");
const imports = LAMPS_IMPORTS as readonly CoreImport[];
test.after(() => generated.remove());

for (const file of ["hostcall/core/errno.ts", "hostcall/core/lamps.ts", "abi/core/lamps.ts", "guest/core/test_lamps.h", "docs/core.md"]) {
	test(`${file} is as it was reviewed`, async () => {
		assertGolden((await emit()).get(file) ?? "", `codegen/core/${file}`);
	});
}

test("without the description of core modules, nothing is emitted", async () => {
	assert.equal(await coreEmitter.emit(INPUT), []);
});

test("the emitted code compiles under the project's options", async () => {
	assert.is(await generated.typeErrors(), "");
});

test("numbers reach the host with the sign of their type", () => {
	const guest = new CoreGuest({ imports });
	assert.is(guest.call("lamp_on", -1, 2, 5, -1, -1n), 0);
	assert.equal(guest.calls, [["lamps.turnOn", -1, 2, 5, 4_294_967_295, 18_446_744_073_709_551_615n]]);
});

test("a function without errors returns its number", () => {
	const guest = new CoreGuest({ imports, answer: () => -5n });
	assert.is(guest.call("lamp_count", 0.5), -5n);
	assert.equal(guest.calls, [["lamps.count", 0.5]]);
});

test("a packed record lays its numbers out by their size", () => {
	const front = new TestFront({ at: 0x0102_0304_0506_0708n, colour: -2, level: 0xfffe, kind: -3 });
	const guest = new CoreGuest({ imports, answer: () => front });
	guest.setU32(0, 16);
	assert.is(guest.call("lamp_event", 1, 21, 0), 16);
	assert.equal(guest.bytes(20, 18), [0, 8, 7, 6, 5, 4, 3, 2, 1, 0xfe, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xfd, 0xff, 0]);
	assert.is(front.removed, 1);
});

test("an object of JSON is an answer of its own", () => {
	const guest = new CoreGuest({ imports, answer: () => ({ a: [1, null], b: "ü" }) });
	guest.setU32(0, 100);
	assert.is(guest.call("lamp_describe", 1, 20, 0), 23);
	assert.is(guest.text(20, 23), '{"a":[1,null],"b":"ü"}');
});

test("a record of JSON holds records in lists, read and written", () => {
	const plan = { name: "evening", steps: [{ seconds: 5 }, { seconds: 6, reason: "late" }], level: 0.5, more: { x: [] } };
	const guest = new CoreGuest({ imports, answer: (func) => (func === "lamps.getPlan" ? plan : 0) });
	const text = '{"name":"evening","steps":[{"seconds":5},{"seconds":256},{"seconds":6,"reason":"late"},7],"level":0.5,"more":{"x":[]}}';
	assert.is(guest.control("lamp_ctl", 1, text), 0);
	assert.equal(JSON.parse(JSON.stringify(guest.calls)), [["lamps.setPlan", 1000, plan]]);
	assert.is(
		guest.query("lamp_ctl", 2),
		'{"name":"evening","steps":[{"seconds":5,"reason":null},{"seconds":6,"reason":"late"}],"level":0.5,"more":{"x":[]}}',
	);
	assert.is(guest.control("lamp_ctl", 1, '{"steps":[]}'), -5);
});

test("a command may return a number", () => {
	const guest = new CoreGuest({ imports, answer: () => 3 });
	assert.is(guest.call("lamp_ctl", 1000, 3, 16, 8), 3);
});

test("names that the code uses itself give way, and reserved words are no bindings", async () => {
	const wit = spoiltCore(
		"turn-on: func(lamp: fd, colour: colour, parts: parts, level: u32, serial: u64)",
		"turn-on: func(calls: fd, context: colour, delete: parts, level: u32, serial: u64)",
	)
		.replace("name: func(lamp: fd, name: string)", "name: func(answer: fd, cause: string)")
		.replace("take: func(lamp: fd, data: out-buffer)", "take: func(capacity: fd, written: out-buffer)")
		.replace(
			"wait-events: func(lamp: fd, events: out-buffer, timeout-ms: s32)",
			"wait-events: func(max: fd, pending: out-buffer, finish: s32)",
		)
		.replace("post: func(lamp: fd, value: json-value)", "post: func(text: fd, command: json-value)")
		.replace("set-plan: func(lamp: fd, plan: plan)", "set-plan: func(parse-json: fd, read-plan: plan)")
		.replaceAll("record event", "record uint8-array")
		.replaceAll("result<event", "result<uint8-array")
		.replaceAll("list<event>", "list<uint8-array>")
		.replace("name: string,", "constructor-name: string,")
		.replace("interface lamps {", "interface plan {");
	const files = await written(wit);
	assert.is(await files.typeErrors(), "");
	const { PLAN_IMPORTS } = await files.load("abi/core/plan.ts");
	const guest = new CoreGuest({ imports: PLAN_IMPORTS as readonly CoreImport[] });
	guest.write(16, "x");
	assert.is(guest.call("lamp_name", 7, 16, 1), 0);
	assert.is(guest.control("lamp_ctl", 1, '{"constructor_name":"x"}'), 0);
	assert.is(guest.control("lamp_ctl", 7, "5"), 0);
	assert.equal(
		guest.calls.map(([func, fd]) => [func, fd]),
		[
			["plan.name", 7],
			["plan.setPlan", 1000],
			["plan.post", 1000],
		],
	);
	await files.remove();
});

test.run();
