import { test } from "uvu";
import * as assert from "uvu/assert";
import { convertEmitter } from "../../../../codegen/emit/abi-component/convert/index.ts";
import { componentEmitter } from "../../../../codegen/emit/abi-component/index.ts";
import { hostcallEmitter } from "../../../../codegen/emit/hostcall/index.ts";
import { UnsupportedType } from "../../../../codegen/model/carried/data-types.ts";
import { abiOf, emitOne, emitText, GeneratedFiles } from "../../../helpers/codegen.ts";
import { assertGolden } from "../../../helpers/golden.ts";
import { LAMP } from "../../../helpers/lamp-wit.ts";

const emitted = await Promise.all([convertEmitter, hostcallEmitter, componentEmitter].map((emitter) => emitText(emitter, abiOf(LAMP))));
const files = await GeneratedFiles.write(new Map(emitted.flatMap((each) => [...each])));
const runtime = await files.load("hostcall/runtime.ts");
const { UNAVAILABLE } = await files.load("hostcall/families.ts");
const imports = await files.load("abi/component/imports.ts");

/** Calls what a test knows to be there, as the transpiled component does: by name, without types. */
function call(target: unknown, name: string | symbol, ...args: unknown[]): unknown {
	const found: unknown = Reflect.get(Object(target), name);
	if (typeof found !== "function") throw new Error(`no function ${String(name)}`);
	return Reflect.apply(found, target, args);
}

function pick(target: unknown, ...path: string[]): unknown {
	return path.reduce((value: unknown, name) => Reflect.get(Object(value), name), target);
}

function drop(handle: unknown): void {
	call(handle, Symbol.dispose);
}

interface Heard {
	/** `function: message` of each fault. */
	readonly faults: string[];
}

/** The import objects over a host of the given functions, what the context heard, and the handles' scope. */
function bind(
	families: { lamp?: unknown; poll?: unknown },
	more: object = {},
): { lamp: unknown; poll: unknown; heard: Heard; scope: unknown } {
	const heard: Heard = { faults: [] };
	const scope: unknown = Reflect.construct(Object(runtime.ResourceScope), []);
	const context = {
		resources: scope,
		toError: (cause: Error) => ({
			code: "invalid_request",
			message: `told: ${cause.message}`,
			retryable: true,
			retry_after_ms: 5,
			explanation: { policy: "p" },
		}),
		fault: (cause: Error, site: { function: string }) => heard.faults.push(`${site.function}: ${cause.message}`),
		...more,
	};
	const factory = (host: unknown): unknown => (host === undefined ? UNAVAILABLE : () => host);
	const bound = call(imports, "bindImports", { lamp: factory(families.lamp), poll: factory(families.poll) }, undefined, context);
	return { lamp: pick(bound, "test:lamp/lamp"), poll: pick(bound, "test:lamp/poll"), heard, scope };
}

const SETTING = { colour: "warm-white", level: 3, extra: undefined };
const boom = (): never => {
	throw new Error("boom");
};
/** A readiness that never comes. */
const readiness = (): object => ({ isReady: () => false, onReady: () => () => {} });
/** A host's object that counts how often it is disposed. */
const resource = (log: string[], name: string, more: object = {}): object => ({ ...more, [Symbol.dispose]: () => log.push(name) });

test("a binding is a class a resource and a function each, converted both ways", async () => {
	const text = await emitOne(componentEmitter, abiOf(LAMP), "abi/component/lamp.ts");
	assertGolden(text, "codegen/abi-component/lamp.ts");
});

test("a readiness is bound to functions of the interface that declares its resource", async () => {
	const text = await emitOne(componentEmitter, abiOf(LAMP), "abi/component/poll.ts");
	assertGolden(text, "codegen/abi-component/poll.ts");
});

test("the imports bind an interface before those that give handles of its resources", async () => {
	const text = await emitOne(componentEmitter, abiOf(LAMP), "abi/component/imports.ts");
	assertGolden(text, "codegen/abi-component/imports.ts");
});

test("asynchronous imports are those that wait, by the transpiler's names", () => {
	assert.equal(imports.ASYNC_IMPORTS, {
		"test:lamp/lamp@1.0.0": ["test:lamp/lamp@1.0.0#light", "test:lamp/lamp@1.0.0#[method]dimmer.next-change"],
		"test:lamp/poll@1.0.0": ["test:lamp/poll@1.0.0#poll", "test:lamp/poll@1.0.0#[method]pollable.block"],
	});
});

test("a constructor is refused with its place, for it could not answer with an error", async () => {
	const wit = LAMP.replace("open: static func", "constructor();\n\t\topen: static func");
	try {
		await emitText(componentEmitter, abiOf(wit));
		assert.unreachable();
	} catch (error) {
		assert.ok(error instanceof UnsupportedType);
		assert.is(error.message, "a constructor cannot be bound: it has no way to answer with an error");
		assert.is(error.span?.line, wit.slice(0, wit.indexOf("constructor()")).split("\n").length);
		assert.match(error.help ?? "", "use a static function, such as `open`");
	}
});

test("arguments reach the host in IR shape and answers the component in WIT shape", async () => {
	const seen: unknown[] = [];
	const { lamp } = bind({
		lamp: {
			async light(...args: unknown[]) {
				seen.push(...args);
				return { hours: 7 };
			},
		},
	});
	assert.equal(await call(lamp, "light", { ...SETTING, extra: '{"a":[1]}' }, undefined), { tag: "ok", val: { hours: 7 } });
	assert.equal(seen, [{ colour: "warm_white", level: 3, extra: { a: [1] } }, undefined]);
});

test("a parameter named like a helper of the conversions does not hide it", async () => {
	const wit = LAMP.replace("note: func(text: string);", "note: func(optional: option<u32>, as-u32: u32) -> result<option<u32>, error>;");
	const text = await emitOne(componentEmitter, abiOf(wit), "abi/component/lamp.ts");
	assert.match(text, "note(optional_: number | undefined, asU32: number)");
	assert.match(text, "() => host.note(optional_, asU32),\n\t\t\t\t(value, path) => optional(value, path, asU32_),");
});

test("whatever the host throws, now or later, becomes the exact error record", async () => {
	const told = {
		code: "invalid-request",
		message: "told: boom",
		retryable: true,
		retryAfterMs: 5,
		operation: undefined,
		explanation: { policy: "p" },
	};
	const { lamp } = bind({ lamp: { light: boom, dimmer: { open: boom } } });
	assert.equal(await call(lamp, "light", SETTING, undefined), { tag: "err", val: told });
	assert.equal(call(pick(lamp, "Dimmer"), "open", SETTING), { tag: "err", val: told });
	const later = bind({ lamp: { light: async () => boom() } }).lamp;
	assert.equal(await call(later, "light", SETTING, undefined), { tag: "err", val: told });
});

test("an argument that cannot be converted is an error that names the place", async () => {
	const seen: unknown[] = [];
	const toError = (cause: unknown): object => {
		seen.push(cause);
		return { code: "invalid_request", message: "bad", retryable: false };
	};
	const { lamp } = bind({ lamp: { light: async () => ({ hours: 1 }) } }, { toError });
	const answer = await call(lamp, "light", { ...SETTING, extra: "[1]" }, undefined);
	assert.is(pick(answer, "tag"), "err");
	assert.is(pick(answer, "val", "code"), "invalid-request");
	const [cause] = seen;
	assert.instance(cause, Object(runtime.ConversionError));
	assert.ok(cause instanceof Error);
	assert.is(cause.message, "setting.extra: expected a JSON object, got an array");
});

test("an answer of the wrong shape is the host's fault: internal to the guest, told to the host", async () => {
	const { lamp, heard } = bind({ lamp: { light: async () => ({ hours: 1.5 }) } });
	assert.equal(await call(lamp, "light", SETTING, undefined), {
		tag: "err",
		val: {
			code: "internal",
			message:
				"the host answered with a value that is not of the ABI's shape: result.hours: expected an integer from 0 to 4294967295, got 1.5",
			retryable: false,
			retryAfterMs: undefined,
			operation: "lamp_lighting",
			explanation: undefined,
		},
	});
	assert.equal(heard.faults, [
		"light: the host answered with a value that is not of the ABI's shape: result.hours: expected an integer from 0 to 4294967295, got 1.5",
	]);
});

test("a context that breaks its own contract does not reach the guest as a trap", async () => {
	const undescribed = {
		code: "internal",
		message: "`lamp.light` failed, and so did the host's account of why",
		retryable: false,
		retryAfterMs: undefined,
		operation: "lamp_lighting",
		explanation: undefined,
	};
	const throwing = bind({ lamp: { light: boom } }, { toError: () => boom() });
	assert.equal(await call(throwing.lamp, "light", SETTING, undefined), { tag: "err", val: undescribed });
	assert.equal(throwing.heard.faults, ["light: boom"]);
	const malformed = bind(
		{ lamp: { light: boom } },
		{ toError: () => ({ code: "internal", message: "m", retryable: false, retry_after_ms: 0.5 }) },
	);
	assert.equal(await call(malformed.lamp, "light", SETTING, undefined), { tag: "err", val: undescribed });
	const faulty = bind({ lamp: { note: boom } }, { fault: boom });
	assert.is(call(faulty.lamp, "note", "x"), undefined);
	const pausing = bind({ lamp: { light: async () => ({ hours: 7 }) } }, { pause: boom });
	assert.equal(await call(pausing.lamp, "light", SETTING, undefined), { tag: "ok", val: { hours: 7 } });
	assert.equal(pausing.heard.faults, ["light: boom"]);
});

test("an asynchronous call returns after its pause, with the result or the error", async () => {
	for (const light of [async () => ({ hours: 7 }), async () => boom()]) {
		const { promise, resolve } = Promise.withResolvers<void>();
		let returned = false;
		const { lamp } = bind({ lamp: { light } }, { pause: () => promise });
		const answer = Promise.resolve(call(lamp, "light", SETTING, undefined)).then((value) => {
			returned = true;
			return value;
		});
		await new Promise((turn) => setImmediate(turn));
		assert.is(returned, false);
		resolve();
		assert.ok(["ok", "err"].includes(String(pick(await answer, "tag"))));
	}
});

test("dropping a handle disposes the host's object once, and calls on it fail from then on", () => {
	const log: string[] = [];
	const { lamp, scope } = bind({
		lamp: { dimmer: { open: () => resource(log, "lamp", { setLevel: (level: number) => log.push(`level ${level}`) }) } },
	});
	const handle = pick(call(pick(lamp, "Dimmer"), "open", SETTING), "val");
	assert.instance(handle, Object(pick(lamp, "Dimmer")));
	assert.equal(call(handle, "setLevel", 4), { tag: "ok", val: undefined });
	assert.is(pick(scope, "size"), 1);
	drop(handle);
	drop(handle);
	assert.equal(log, ["level 4", "lamp"]);
	assert.is(pick(scope, "size"), 0);
	const answer = call(handle, "setLevel", 5);
	assert.is(pick(answer, "val", "code"), "invalid-request");
	assert.is(pick(answer, "val", "message"), "the handle was dropped; open a new one");
});

test("a call on a handle that the host never returned is the guest's error, and a drop of the handle has no effect", () => {
	const { lamp, heard } = bind({ lamp: { dimmer: { open: () => ({}) } } });
	const made = Object.create(Object(pick(lamp, "Dimmer")).prototype);
	const answer = call(made, "setLevel", 5);
	assert.is(pick(answer, "val", "code"), "invalid-request");
	assert.is(pick(answer, "val", "message"), "the handle is not one that this host returned");
	drop(made);
	assert.equal(heard.faults, []);
});

test("a host's object that fails to be disposed is a fault, not a trap", () => {
	const { lamp, heard } = bind({ lamp: { dimmer: { open: () => ({ [Symbol.dispose]: boom }) } } });
	drop(pick(call(pick(lamp, "Dimmer"), "open", SETTING), "val"));
	assert.equal(heard.faults, ["dimmer.[drop]: boom"]);
});

test("leaked handles are disposed newest first, each once", () => {
	const log: string[] = [];
	const names = ["first", "second", "third", "fourth"];
	const { lamp, scope } = bind({
		lamp: {
			dimmer: {
				open: () => resource(log, names.shift() ?? ""),
			},
		},
	});
	const handles = [0, 1, 2, 3].map(() => pick(call(pick(lamp, "Dimmer"), "open", SETTING), "val"));
	drop(handles[1]);
	assert.equal(call(scope, "disposeAll"), []);
	assert.equal(log, ["second", "fourth", "third", "first"]);
	assert.equal(call(scope, "disposeAll"), []);
	assert.is(pick(scope, "size"), 0);
});

test("objects that fail to be disposed do not keep the rest from it, and their errors are gathered", () => {
	const log: string[] = [];
	const scope: unknown = Reflect.construct(Object(runtime.ResourceScope), []);
	for (const each of [resource(log, "old"), { [Symbol.dispose]: boom }, resource(log, "new")]) call(scope, "add", {}, each);
	assert.equal(String(call(scope, "disposeAll")), "Error: boom");
	assert.equal(log, ["new", "old"]);
});

test("what a host opens after its instance has ended is disposed at once and the call is cancelled", () => {
	const log: string[] = [];
	const { lamp, scope } = bind({ lamp: { dimmer: { open: () => resource(log, "late") } } });
	call(scope, "disposeAll");
	const answer = call(pick(lamp, "Dimmer"), "open", SETTING);
	assert.is(pick(answer, "val", "code"), "cancelled");
	assert.equal(log, ["late"]);
});

test("poll hands the host the readiness behind each handle, and answers with every index when the host fails", async () => {
	const [one, two] = [readiness(), readiness()];
	const made = [one, two];
	const seen: unknown[] = [];
	const { poll, heard } = bind({
		poll: {
			after: () => made.shift(),
			async poll(pollables: unknown[]) {
				seen.push(...pollables);
				if (seen.length > 2) boom();
				return [1];
			},
		},
	});
	const handles = [call(poll, "after", 1), call(poll, "after", 2)];
	assert.equal(await call(poll, "poll", handles), Uint32Array.of(1));
	assert.is(seen[0], one);
	assert.is(seen[1], two);
	assert.equal(await call(poll, "poll", handles), Uint32Array.of(0, 1));
	assert.equal(heard.faults, ["poll: boom"]);
});

test("a method of a readiness is the host's function, with the readiness first", async () => {
	const one = readiness();
	const seen: unknown[] = [];
	const { poll } = bind({
		poll: {
			after: () => one,
			pollable: {
				ready: (...args: unknown[]) => seen.push(args) > 1,
				block: async (...args: unknown[]) => void seen.push(args),
			},
		},
	});
	const handle = call(poll, "after", 1);
	assert.is(call(handle, "ready"), false);
	assert.is(await call(handle, "block"), undefined);
	assert.equal(seen.length, 2);
	for (const args of seen) assert.equal(args, [one]);
	assert.is(pick(seen, "0", "0"), one);
});

test("two handles on one readiness are two: each is counted, and dropping one leaves the other", () => {
	const one = readiness();
	const { poll, scope } = bind({ poll: { after: () => one, pollable: { ready: (self: unknown) => self === one } } });
	const [first, second] = [call(poll, "after", 1), call(poll, "after", 2)];
	assert.is(pick(scope, "size"), 2);
	drop(first);
	assert.is(pick(scope, "size"), 1);
	assert.is(call(second, "ready"), true);
	drop(second);
	assert.is(pick(scope, "size"), 0);
});

test("dropping the handle of a readiness disposes one that can be disposed and leaves any other alone", () => {
	const log: string[] = [];
	const made = [{ ...readiness(), ...resource(log, "timer") }, readiness(), { ...readiness(), ...resource(log, "left behind") }];
	const { poll, scope, heard } = bind({ poll: { after: () => made.shift() } });
	drop(call(poll, "after", 1));
	drop(call(poll, "after", 2));
	assert.equal(log, ["timer"]);
	call(poll, "after", 3);
	assert.equal(call(scope, "disposeAll"), []);
	assert.equal(log, ["timer", "left behind"]);
	assert.equal(heard.faults, []);
});

test("a function without an error channel falls back to what keeps the guest going", async () => {
	const { poll, lamp, heard } = bind({ lamp: { note: boom }, poll: { after: readiness, pollable: { ready: boom, block: boom } } });
	const handle = call(poll, "after", 1);
	assert.is(call(handle, "ready"), true);
	assert.is(await call(handle, "block"), undefined);
	assert.is(call(lamp, "note", "x"), undefined);
	assert.equal(heard.faults, ["pollable.ready: boom", "pollable.block: boom", "note: boom"]);
});

test("where nothing can stand in for a handle the failure is reported and goes through", () => {
	const { poll, heard } = bind({ poll: { after: boom } });
	assert.throws(() => call(poll, "after", 1), "boom");
	assert.equal(heard.faults, ["after: boom"]);
});

test("a handle of another interface is one of that interface's class", () => {
	const { lamp, poll } = bind({ lamp: { dimmer: { open: () => resource([], "", { watch: readiness }) } }, poll: {} });
	assert.instance(call(pick(call(pick(lamp, "Dimmer"), "open", SETTING), "val"), "watch"), Object(pick(poll, "Pollable")));
});

test("an unavailable family says so by name, keeps its classes, and swallows what cannot fail", async () => {
	const { lamp, heard } = bind({ poll: {} });
	const refusal = {
		code: "backend-not-enabled",
		message: "this host does not offer `lamp`",
		retryable: false,
		retryAfterMs: undefined,
		operation: "lamp_lighting",
		explanation: undefined,
	};
	assert.equal(await call(lamp, "light", SETTING, undefined), { tag: "err", val: refusal });
	assert.equal(call(pick(lamp, "Dimmer"), "open", SETTING), { tag: "err", val: refusal });
	assert.is(call(lamp, "note", "x"), undefined);
	assert.equal(heard.faults, []);
	assert.is(typeof pick(lamp, "Dimmer"), "function");
});

test.after(() => files.remove());
test.run();
