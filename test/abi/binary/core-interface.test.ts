import { test } from "uvu";
import * as assert from "uvu/assert";
import { readCoreInterface } from "../../../src/abi/binary/core-interface.ts";
import { assemble } from "../../helpers/guest.ts";

test("imports and exports of a core module are read with their sorts, functions with their signatures", async () => {
	const { imports, exports } = readCoreInterface(
		await assemble(`(module
			(import "a" "f" (func (param i32 i64) (result f32)))
			(import "a" "m" (memory 1 2))
			(import "b" "t" (table 1 funcref))
			(import "b" "g" (global (mut i32)))
			(import "a" "h" (func))
			(func $own (param externref) (result f64 i32) unreachable)
			(global $g i32 (i32.const 0))
			(export "own" (func $own)) (export "again" (func 0)) (export "memory" (memory 0)) (export "g" (global 0)) (export "" (func 1)))`),
	);
	assert.equal(imports, [
		{ module: "a", name: "f", sort: "core function", signature: "iI>f" },
		{ module: "a", name: "m", sort: "core memory", signature: "" },
		{ module: "b", name: "t", sort: "core table", signature: "" },
		{ module: "b", name: "g", sort: "core global", signature: "" },
		{ module: "a", name: "h", sort: "core function", signature: ">" },
	]);
	assert.equal(
		[...exports],
		[
			["own", { sort: "core function", signature: "?>Fi" }],
			["again", { sort: "core function", signature: "iI>f" }],
			["memory", { sort: "core memory", signature: "" }],
			["g", { sort: "core global", signature: "" }],
			["", { sort: "core function", signature: ">" }],
		],
	);
});

test.run();
