/** Cost of reading a component's bytes, and size of the result, in the size of the component. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inspectComponent } from "../../../../src/abi/component/binary/inspect.ts";
import { asyncImportsOf } from "../../../../src/abi/component/jco/transpile.ts";
import { assertLinear, type GrowthCase } from "../../../helpers/growth.ts";

const COMPONENT = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
const MODULE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

function leb(value: number): number[] {
	return value < 128 ? [value] : [(value % 128) + 128, ...leb(Math.floor(value / 128))];
}

/** Returns a vector of `size` equal items. */
function vector(size: number, item: readonly number[]): Buffer {
	return Buffer.concat([Buffer.from(leb(size)), Buffer.alloc(size * item.length, Buffer.from(item))]);
}

function section(id: number, body: Uint8Array): Buffer {
	return Buffer.concat([Buffer.from([id, ...leb(body.length)]), body]);
}

function component(...sections: Uint8Array[]): Buffer {
	return Buffer.concat([Buffer.from(COMPONENT), ...sections]);
}

/** An exported function `f` of an interface, and an import `i` of the first type. The reader leaves it to the transpiler to compare names. */
const FUNCTION = [0x04, 0x00, 0x01, 0x66, 0x01, 0x00];
const IMPORT = [0x00, 0x01, 0x69, 0x05, 0x00];

/** Returns a component with a type of `functions` functions that it imports `imports` times. */
function importing(functions: number, imports: number): Buffer {
	const type = Buffer.concat([Buffer.from([0x01, 0x42]), vector(functions, FUNCTION)]);
	return component(section(7, type), section(10, vector(imports, IMPORT)));
}

const CASES: readonly GrowthCase[] = [
	{ name: "one type and many imports of it", make: (size) => importing(size, size), run: inspect },
	{ name: "many types", make: (size) => component(section(7, vector(size, [0x73]))), run: inspect },
	{ name: "many exports", make: (size) => component(section(11, vector(size, [0, 1, 0x65, 1, 0, 0]))), run: inspect },
	{ name: "a core module of many types", make: (size) => inModule(1, vector(size, [0x60, 0, 0])), run: inspect },
	{
		name: "a core module of many imports",
		make: (size) => inModule(2, vector(size, [1, 0x61, 1, 0x62, 0, 0])),
		run: inspect,
		from: 1 << 11,
	},
	{ name: "a core module of many tables", make: (size) => inModule(4, vector(size, [0x70, 0, 0])), run: inspect },
	{ name: "a name of many characters", make: (size) => inModule(7, longName(size)), run: inspect },
];

function inModule(id: number, body: Uint8Array): Buffer {
	return component(section(1, Buffer.concat([Buffer.from(MODULE), section(id, body)])));
}

function longName(length: number): Buffer {
	return Buffer.concat([Buffer.from([1, ...leb(length)]), Buffer.alloc(length, "n"), Buffer.from([0, 0])]);
}

function inspect(bytes: Uint8Array): unknown {
	return asyncImportsOf(inspectComponent(bytes), []);
}

for (const each of CASES) test(`inspecting ${each.name} has a cost that grows linearly`, () => assertLinear({ from: 256, ...each }));

test("a component that imports one type many times is refused when its functions are too many", () => {
	assert.is(inspectComponent(importing(100, 100)).imports.length, 100);
	assert.throws(() => inspectComponent(importing(100, 101)), /it imports more than 10000 functions/);
});

test.run();
