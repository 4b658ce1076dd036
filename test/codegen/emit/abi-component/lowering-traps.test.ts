import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loweringEmitter } from "../../../../codegen/emit/abi-component/lowering/index.ts";
import {
	type CoreFunction,
	type HostcallLimits,
	type InterfaceLowering,
	ResourceType,
	Trap,
} from "../../../../generated/abi/component/lowering/runtime.ts";
import { abiOf, emitOne, GeneratedFiles } from "../../../helpers/codegen.ts";
import { PlainGuest } from "../../../helpers/plain-guest.ts";

const WIT = `package test:traps@1.0.0;
interface traps {
	resource thing { touch: func(); }
	enum colour { red, green }
	variant shape { dot, line(u32) }
	record pair { colour: colour, some: option<u8> }
	flags bits { a, b }
	many: func(pairs: list<pair>, words: list<u32>);
	say: func(text: string, letter: char);
	paint: func(colour: colour, shape: shape, some: option<u8>, outcome: result<u8>);
	mark: func(yes: bool, byte: u8, short: s16, bits: bits) -> tuple<bool, u8, s16, bits>;
	swap: func(kept: borrow<thing>, gone: thing);
	lend: func(first: borrow<thing>, second: borrow<thing>);
	report: func() -> list<u8>;
	pick: func() -> colour;
}
`;
const FILE = "abi/component/lowering/traps.ts";
const RUNTIME = fileURLToPath(new URL("../../../../generated/abi/component/lowering/runtime.ts", import.meta.url));

const generated = await GeneratedFiles.write(
	new Map([
		["abi/component/lowering/runtime.ts", `export * from ${JSON.stringify(RUNTIME)};\n`],
		[FILE, await emitOne(loweringEmitter, abiOf(WIT), FILE)],
	]),
);
const { traps } = await generated.load(FILE);
if (!isLowering(traps)) throw new Error("the interface was not emitted");
const { functions, resources } = traps;

function isLowering(value: unknown): value is InterfaceLowering {
	return typeof value === "object" && value !== null && "functions" in value && "resources" in value;
}

interface Scene {
	readonly guest: PlainGuest;
	readonly received: unknown[];
	call(...core: unknown[]): unknown;
}

/** A guest with 64 bytes of memory, and a function of the host that answers with `answer`. */
function scene(name: string, { answer, limits }: { answer?: unknown; limits?: Partial<HostcallLimits> } = {}): Scene {
	const lowered = functions[name];
	if (lowered === undefined) throw new Error(`there is no function ${name}`);
	const guest = new PlainGuest(thing(), limits);
	const received: unknown[] = [];
	const target = (...args: unknown[]): unknown => {
		received.push(...args);
		return answer;
	};
	const core: CoreFunction = lowered.lower(guest.context, { target });
	return { guest, received, call: (...args) => Reflect.apply(core, undefined, args) };
}

function thing(): ResourceType {
	return resources.thing ?? new ResourceType("", "");
}

/** The message of the trap. The guest has ended, and the host was not called. */
function trap({ guest, received, call }: Scene, ...core: unknown[]): string {
	try {
		call(...core);
	} catch (cause) {
		assert.instance(cause, Trap);
		assert.equal(received, []);
		assert.throws(() => call(...core), /./);
		assert.is(typeof guest.component.guest.ended, "string");
		return String(guest.component.guest.ended);
	}
	throw new Error("the call did not trap");
}

test("lists outside the memory trap before anything is allocated", () => {
	assert.match(trap(scene("many"), 0, 22, 0, 0), /test:traps\/traps\.many: address 0 with 66 bytes is outside the memory of 64 bytes/);
	assert.match(trap(scene("many"), -4, 1, 0, 0), /address 4294967292 with 3 bytes is outside/);
	assert.match(trap(scene("many"), 0, 0, 60, 2), /address 60 with 8 bytes is outside/);
	assert.match(trap(scene("many"), 0, 0, 0, -1), /a list has 17179869180 bytes, more than the ABI allows/);
});

test("lists that are not aligned trap", () => {
	assert.match(trap(scene("many"), 0, 0, 2, 1), /address 2 is not a multiple of 4/);
});

test("the budget of a hostcall counts elements and bytes", () => {
	assert.match(trap(scene("many", { limits: { maxItems: 2 } }), 0, 3, 0, 0), /more than 2 list elements/);
	assert.match(trap(scene("many", { limits: { maxBytes: 7 } }), 0, 0, 0, 2), /more than 7 bytes/);
	assert.match(trap(scene("say", { limits: { maxBytes: 7 } }), 0, 8, 65), /more than 7 bytes/);
});

test("discriminants in memory that stand for no case trap", () => {
	const enums = scene("many");
	enums.guest.view().setUint8(0, 2);
	assert.match(trap(enums, 0, 1, 0, 0), /2 stands for none of 2 cases/);
	const options = scene("many");
	options.guest.view().setUint8(1, 3);
	assert.match(trap(options, 0, 1, 0, 0), /3 stands for none of 2 cases/);
});

test("discriminants in core values count with all their bits", () => {
	assert.match(trap(scene("paint"), 256, 0, 0, 0, 0, 0, 0), /256 stands for none of 2 cases/);
	assert.match(trap(scene("paint"), 0, -1, 0, 0, 0, 0, 0), /4294967295 stands for none of 2 cases/);
	assert.match(trap(scene("paint"), 0, 0, 0, 2, 0, 0, 0), /2 stands for none of 2 cases/);
	assert.match(trap(scene("paint"), 0, 0, 0, 0, 0, 257, 0), /257 stands for none of 2 cases/);
});

test("text that is not UTF-8 and code points that are no characters trap", () => {
	const broken = scene("say");
	broken.guest.view().setUint8(0, 0xff);
	assert.match(trap(broken, 0, 1, 65), /is not UTF-8/);
	assert.match(trap(scene("say"), 0, 0, 0xd800), /55296 is no character/);
	assert.match(trap(scene("say"), 0, 0, 0x110000), /1114112 is no character/);
	assert.match(trap(scene("say"), 0, 0, -1), /4294967295 is no character/);
});

test("bits beyond the width of a type do not count", () => {
	const { call, received, guest } = scene("mark", { answer: [true, 255, -2, { a: false, b: true }] });
	call(256, 0x1ff, 0x18000, 0xff, 8);
	assert.equal(received, [true, 255, -32768, { a: true, b: true }]);
	assert.equal([...new Uint8Array(guest.buffer, 8, 5)], [1, 255, 0xfe, 0xff, 2]);
});

test("the place of the result is checked before the host is called", () => {
	assert.match(trap(scene("report", { answer: new Uint8Array() }), 62), /address 62 is not a multiple of 4/);
	assert.match(trap(scene("report", { answer: new Uint8Array() }), 60), /address 60 with 8 bytes is outside/);
});

test("a handle that the call borrows cannot be given away by the same call, in either order", () => {
	const lent = scene("swap");
	const handle = lent.guest.addHandle("own", { id: 1 });
	assert.match(trap(lent, handle, handle), /handle 1 is lent to the running call/);
});

test("handles are given away once, and borrows end with the call", () => {
	const { guest, call, received } = scene("swap");
	const [kept, gone] = [guest.addHandle("own", { id: 1 }), guest.addHandle("own", { id: 2 })];
	call(kept, gone);
	assert.equal(received, [{ id: 1 }, { id: 2 }]);
	assert.is(guest.component.handles, 1);
	const next = guest.addHandle("own", { id: 3 });
	call(next, kept);
	assert.equal(received.slice(2), [{ id: 3 }, { id: 1 }]);
	assert.throws(() => call(next, kept), /there is no handle 1$/);
});

test("handles that do not exist or are of another type trap", () => {
	assert.match(trap(scene("lend"), 0, 0), /there is no handle 0/);
	assert.match(trap(scene("lend"), -1, 0), /there is no handle 4294967295/);
	const other = scene("lend");
	const index = other.guest.component.add(new ResourceType("test:traps/traps", "thing"), {});
	assert.match(trap(other, index, index), /is a `thing`, and a `thing` is expected/);
});

test("a case that the type does not have is a fault of the host, after which the guest, which could catch the error, does not go on", () => {
	const { guest, call } = scene("pick", { answer: "blue" });
	assert.throws(() => call(), /the host passed "blue", which is none of red, green/);
	assert.is(guest.component.guest.ended, 'test:traps/traps.pick: the host passed "blue", which is none of red, green');
});

test.after(() => generated.remove());

test.run();
