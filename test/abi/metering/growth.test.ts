/** Cost of metering a core module, in its size. */
import { test } from "uvu";
import { meterCoreModule } from "../../../src/abi/metering/meter-core-module.ts";
import { assertLinear, type GrowthCase } from "../../helpers/growth.ts";

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const TYPE = section(1, Buffer.from([1, 0x60, 0, 0]));

function leb(value: number): number[] {
	return value < 128 ? [value] : [(value % 128) + 128, ...leb(Math.floor(value / 128))];
}

function vector(size: number, item: readonly number[]): Buffer {
	return Buffer.concat([Buffer.from(leb(size)), repeated(size, item)]);
}

function repeated(size: number, item: readonly number[]): Buffer {
	return Buffer.alloc(size * item.length, Buffer.from(item));
}

function section(id: number, body: Uint8Array): Buffer {
	return Buffer.concat([Buffer.from([id, ...leb(body.length)]), body]);
}

/** Returns a module of one function with this code. */
function withCode(...code: Uint8Array[]): Buffer {
	const body = Buffer.concat([Buffer.from([0]), ...code, Buffer.from([0x0b])]);
	const functions = Buffer.concat([Buffer.from([1, ...leb(body.length)]), body]);
	return Buffer.concat([Buffer.from(PREAMBLE), TYPE, section(3, Buffer.from([1, 0])), section(10, functions)]);
}

/** Returns a module of one empty function with one more section, before or behind the code. */
function withSection(id: number, body: Uint8Array, place: "before" | "behind"): Buffer {
	const code = section(10, Buffer.from([1, 2, 0, 0x0b]));
	const rest = place === "before" ? [section(id, body), code] : [code, section(id, body)];
	return Buffer.concat([Buffer.from(PREAMBLE), TYPE, section(3, Buffer.from([1, 0])), ...rest]);
}

function functionNames(size: number): Buffer {
	const names = vector(size, [0, 1, 0x61]);
	return Buffer.concat([Buffer.from([4, 0x6e, 0x61, 0x6d, 0x65]), section(1, names)]);
}

const LOOP = [0x03, 0x40, 0x0b];

const CASES: readonly Omit<GrowthCase, "run">[] = [
	{ name: "many loops", make: (size) => withCode(repeated(size, LOOP)) },
	{ name: "nested loops", make: (size) => withCode(repeated(size, [0x03, 0x40]), repeated(size, [0x0b])) },
	{
		name: "nested blocks with branches out of all",
		make: (size) => withCode(repeated(size, [0x02, 0x40, 0x0c, 0]), repeated(size, [0x0b])),
	},
	{ name: "a long table of branches", make: (size) => withCode(Buffer.from([0x41, 0, 0x0e]), vector(size, [0]), Buffer.from([0])) },
	{ name: "many calls", make: (size) => withCode(repeated(size, [0x10, 0])) },
	{ name: "straight code", make: (size) => withCode(repeated(size, [0x01])) },
	{
		name: "many functions",
		make: (size) =>
			Buffer.concat([Buffer.from(PREAMBLE), TYPE, section(3, vector(size, [0])), section(10, vector(size, [5, 0, ...LOOP, 0x0b]))]),
	},
	{ name: "many exports", make: (size) => withSection(7, vector(size, [1, 0x65, 0, 0]), "before") },
	{ name: "many elements", make: (size) => withSection(9, Buffer.concat([Buffer.from([1, 3, 0]), vector(size, [0])]), "before") },
	{ name: "many globals", make: (size) => withSection(6, vector(size, [0x7f, 0, 0x41, 0, 0x0b]), "before") },
	{
		name: "a long expression",
		make: (size) => withSection(6, Buffer.concat([Buffer.from([1, 0x7f, 0]), repeated(size, [0x6a]), Buffer.from([0x0b])]), "before"),
	},
	{ name: "many names", make: (size) => withSection(0, functionNames(size), "behind") },
	{
		name: "a count of types that is not there",
		make: (size) =>
			Buffer.concat([
				Buffer.from(PREAMBLE),
				section(1, Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]), repeated(size, [0x60, 0, 0])])),
			]),
	},
];

for (const each of CASES)
	test(`metering a module with ${each.name} has a cost that grows linearly`, () =>
		assertLinear({ ...each, run: (bytes: Uint8Array) => meterCoreModule(bytes, { mode: "full" }) }));

test.run();
