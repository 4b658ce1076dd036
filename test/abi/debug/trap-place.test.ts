import { test } from "uvu";
import * as assert from "uvu/assert";
import { trapPlace } from "../../../src/abi/debug/trap-place.ts";
import { webAssembly } from "../../../src/abi/web-assembly.ts";
import { assemble } from "../../helpers/guest.ts";

/** Returns the error with which the export `run` of a core module ends. */
async function trapOf(text: string): Promise<unknown> {
	const { exports } = await webAssembly.instantiate(await webAssembly.compile(await assemble(text)));
	try {
		if (typeof exports.run === "function") exports.run();
	} catch (thrown) {
		return thrown;
	}
	throw new Error("the module should have trapped");
}

test("the place of a trap names the function, its index, the offset and the callers", async () => {
	const trap = await trapOf(`(module
		(func $parse unreachable)
		(func $step call $parse)
		(func $main (export "run") call $step))`);
	assert.match(trapPlace(trap), /^ in `parse` \(function 0, offset 0x[0-9a-f]+\), called by `step` \(function 1\), `main` \(function 2\)$/);
});

test("a recursion counts as one function, and at most five are named", async () => {
	const functions = [1, 2, 3, 4, 5].map((level) => `(func $f${level} call $f${level - 1})`).join("");
	const trap = await trapOf(`(module (func $f0 unreachable) ${functions} (func (export "run") call $f5))`);
	assert.match(trapPlace(trap), /^ in `f0` .*, called by `f1` .*, `f2` .*, `f3` .*, `f4` \(function 4\), …$/);
	const endless = await trapOf('(module (func $again call $again) (func (export "run") call $again))');
	assert.match(trapPlace(endless), /^ in `again` \(function 0, offset 0x[0-9a-f]+\)$/);
});

test("a function without a name is shown by its index", async () => {
	const trap = await trapOf('(module (func unreachable) (func (export "run") call 0))');
	assert.match(trapPlace(trap), /^ in function 0 \(offset 0x[0-9a-f]+\), called by (function 1|`run` \(function 1\))$/);
});

test("an error without frames of WebAssembly has no place", () => {
	assert.is(trapPlace(new Error("x")), "");
	assert.is(trapPlace("x"), "");
});

test.run();
