import { test } from "uvu";
import * as assert from "uvu/assert";
import { inspectComponent } from "../../../../src/abi/component/binary/inspect.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { assemble } from "../../../helpers/guest.ts";
import { EXITS, joinedBy, plainComponent, WAITS } from "../../../helpers/guest-components.ts";

function refusal(bytes: Uint8Array): string {
	try {
		inspectComponent(bytes);
	} catch (error) {
		assert.instance(error, SpearError);
		if (error instanceof SpearError) {
			assert.is(error.code, "invalid_request");
			return error.message;
		}
	}
	return "";
}

test("imports are listed down to functions and resources", async () => {
	const { imports, exports } = inspectComponent(await assemble(WAITS));
	assert.equal(exports, ["run"]);
	assert.equal(imports, [
		{ name: "wasi:io/poll@0.2.12", functions: ["[method]pollable.block"], resources: ["pollable"] },
		{ name: "wasi:clocks/monotonic-clock@0.2.12", functions: ["subscribe-duration"], resources: [] },
		{ name: "spear:ai/types@0.1.0", functions: [], resources: [] },
	]);
});

test("a name that would be code in generated JavaScript is refused", async () => {
	for (const name of ["x'];globalThis.pwned=1;//", 'say "hi"', "back\\slash", "line\nbreak", "tick`", "\u2028"]) {
		assert.match(refusal(await assemble(joinedBy(name))), "characters this host does not accept in names", name);
	}
	assert.is(refusal(await assemble(joinedBy("plain.name-1 $x [y]"))), "");
});

test("what is not a component is refused with what to do", async () => {
	assert.match(refusal(await assemble("(module)")), "core WebAssembly module; wrap it into a component");
	assert.match(refusal(new TextEncoder().encode("export const run = 1")), "does not begin like a WebAssembly component");
	assert.match(refusal(new Uint8Array()), "it is empty");
});

test("a component cut off anywhere, or with any byte changed, is refused by name or read, never a crash", async () => {
	const whole = await assemble(EXITS);
	for (let length = 0; length < whole.length; length += 1) refusal(whole.subarray(0, length));
	for (let at = 0; at < whole.length; at += 1) {
		for (const flip of [0x01, 0x80, 0xff]) {
			const changed = whole.slice();
			changed[at] = (changed[at] ?? 0) ^ flip;
			refusal(changed);
		}
	}
});

test("memory that cannot be bounded is refused", async () => {
	const run = "(call $answer)";
	const memory64 = '(memory i64 1) (memory (export "memory") 1)';
	assert.match(refusal(await assemble(plainComponent(run, memory64))), "shared or 64-bit memory");
	const collected = '(type (struct (field i32))) (memory (export "memory") 1)';
	assert.match(refusal(await assemble(plainComponent(run, collected))), "garbage-collected");
});

test("a component that exports a function `then` is refused, because its start would never end", async () => {
	const exporting = (name: string) => `(component
		(core module $m (func (export "f")))
		(core instance $i (instantiate $m))
		(func (export "${name}") (canon lift (core func $i "f"))))`;
	assert.match(refusal(await assemble(exporting("then"))), "exports a function `then`");
	assert.is(refusal(await assemble(exporting("run-then"))), "");
	assert.is(refusal(await assemble(`(component ${exporting("then")})`)), "");
});

test("an import that is not an interface is refused", async () => {
	assert.match(refusal(await assemble('(component (import "now" (func (result u32))))')), "its import now is not an interface");
});

test.run();
