/** Cost of a plan in the size of the component, and bounds where a component describes more than its bytes show. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { planComponent } from "../../../../src/abi/component/plan/plan-component.ts";
import { assertLinear, type GrowthCase } from "../../../helpers/growth.ts";
import { assemble } from "../../../helpers/guest.ts";
import { component, coreModule, leb, section, text, vector, vectorOf } from "../../../helpers/wasm-bytes.ts";

/** A function type without parameters and result. */
const FUNCTION = [0x40, 0, 1, 0];

const labels = (size: number): number[][] => Array.from({ length: size }, (_, index) => text(`f${index}`));
const range = (size: number): number[] => Array.from({ length: size }, (_, index) => index);

/** Returns a component that imports interfaces of one type with some functions. */
function importing(functions: number, interfaces: number): Buffer {
	const members = labels(functions).map((label) => [0x04, 0, ...label, 1, 0]);
	const type = [0x42, ...vectorOf([[0x01, ...FUNCTION], ...members])];
	return component(
		section(7, vectorOf([type])),
		section(10, vectorOf(range(interfaces).map((index) => [0, ...text(`a:b/i${index}`), 5, 0]))),
	);
}

/** Returns a component of a core module with some sections, which it instantiates once. */
function instantiated(...sections: Uint8Array[]): Buffer {
	return component(section(1, coreModule(...sections)), section(2, [1, 0, 0, 0]));
}

const moduleTypes = section(1, vector(1, [0x60, 0, 0]));

/** Core functions of resource.drop on a resource of the component. */
function drops(size: number): Buffer {
	return component(section(7, [1, 0x3f, 0x7f, 0]), section(8, vector(size, [3, 0])));
}

/** Parameters of one function type. */
function parameters(size: number): Buffer {
	const params = vectorOf(labels(size).map((label) => [...label, 0x73]));
	return component(section(7, vectorOf([[0x40, ...params, 1, 0]])));
}

const CASES: readonly GrowthCase[] = [
	{ name: "types", make: (size) => component(section(7, vector(size, [0x73]))), run: planComponent },
	{ name: "function types", make: (size) => component(section(7, vector(size, FUNCTION))), run: planComponent },
	{ name: "parameters", make: parameters, run: planComponent, to: 1 << 12 },
	{
		name: "labels of an enum",
		make: (size) => component(section(7, vectorOf([[0x6d, ...vectorOf(labels(size))]]))),
		run: planComponent,
		to: 1 << 12,
	},
	{
		name: "outer aliases",
		make: (size) => component(section(7, vector(1, [0x73])), section(6, vector(size, [3, 2, 0, 0]))),
		run: planComponent,
	},
	{ name: "functions of an interface", make: (size) => importing(size, 1), run: planComponent, to: 1 << 12 },
	{ name: "imports of one type", make: (size) => importing(4, size), run: planComponent, to: 1 << 12 },
	{ name: "imports of many functions", make: (size) => importing(size, size), run: planComponent, to: 1 << 9, from: 64 },
	{ name: "functions of a resource", make: drops, run: planComponent },
	{
		name: "empty components",
		make: (size) => component(...range(size).map(() => section(4, component()))),
		run: planComponent,
		to: 1 << 12,
	},
	{ name: "empty inline instances", make: (size) => component(section(5, vector(size, [1, 0]))), run: planComponent },
	{ name: "empty inline core instances", make: (size) => component(section(2, vector(size, [1, 0]))), run: planComponent },
	{ name: "core types", make: (size) => component(section(3, vector(size, [0x60, 0, 0]))), run: planComponent },
	{
		name: "exports of types",
		make: (size) => component(section(7, vector(1, [0x73])), section(11, vectorOf(labels(size).map((label) => [0, ...label, 3, 0, 0])))),
		run: planComponent,
		to: 1 << 12,
	},
	{ name: "custom sections", make: (size) => component(...range(size).map(() => section(0, text("n")))), run: planComponent, to: 1 << 12 },
	{
		name: "a name of many characters",
		make: (size) => component(section(10, [1, 0, ...text("n".repeat(size)), 5, 0])),
		run: planComponent,
	},
	{ name: "types of a core module", make: (size) => instantiated(section(1, vector(size, [0x60, 0, 0]))), run: planComponent },
	{
		name: "parameters of a core type",
		make: (size) => instantiated(section(1, [1, 0x60, ...vector(size, [0x7f]), 0])),
		run: planComponent,
	},
	{ name: "functions of a core module", make: (size) => instantiated(moduleTypes, section(3, vector(size, [0]))), run: planComponent },
	{
		name: "imports of a core module",
		make: (size) => instantiated(moduleTypes, section(2, vector(size, [1, 0x61, 1, 0x62, 0, 0]))),
		run: planComponent,
	},
	{
		name: "exports of a core module",
		make: (size) =>
			instantiated(moduleTypes, section(3, vector(1, [0])), section(7, vectorOf(labels(size).map((label) => [...label, 0, 0])))),
		run: planComponent,
		to: 1 << 12,
	},
	{ name: "an index of many bytes", make: (size) => component(section(7, [1, 0x70, ...vector(size, [0x80])])), run: planComponent },
];

for (const each of CASES) test(`the cost of a plan grows linearly in ${each.name}`, () => assertLinear({ from: 256, ...each }));

/** Components whose described work doubles with each level, and the bound that refuses them. */
const DOUBLING: readonly (readonly [name: string, make: (levels: number) => Uint8Array | Promise<Uint8Array>, message: RegExp])[] = [
	["components that instantiate another twice", (levels) => assemble(nestedTwice(levels)), /more than 1000 component instances/],
	["a type of pairs of pairs", pairs, /is too large when it is written out/],
	[
		"a variant of variants",
		(levels) =>
			component(
				section(
					7,
					vectorOf([
						[0x6d, ...vectorOf(labels(1))],
						...range(levels).map((index) => [
							0x71,
							...vectorOf([["a", index] as const, ["b", index] as const].map(([label, type]) => [...text(label), 1, ...leb(type), 0])),
						]),
					]),
				),
			),
		/is too large when it is written out/,
	],
	["instance types with two instances of another", instanceTypes, /more than 100000 definitions/],
];

for (const [name, make, message] of DOUBLING)
	test(`${name} are refused before they cost anything`, async () => {
		const bytes = await make(30);
		const before = performance.now();
		assert.throws(() => planComponent(bytes), message);
		assert.ok(performance.now() - before < 1000);
	});

function nestedTwice(levels: number): string {
	const components = range(levels).map((index) => {
		const inner = index === 0 ? "" : `(alias outer 1 ${index - 1} (component $c)) (instance (instantiate $c)) (instance (instantiate $c))`;
		return `(component ${inner})`;
	});
	return `(component ${components.join("\n")} (instance (instantiate ${levels - 1})))`;
}

function pairs(levels: number): Uint8Array {
	const types = range(levels).map((index) => [0x6f, 2, ...leb(index), ...leb(index)]);
	return component(section(7, vectorOf([[0x73], ...types])));
}

function instanceTypes(levels: number): Uint8Array {
	const alias = (index: number): number[] => [0x02, 3, 2, 1, ...leb(index)];
	const types = range(levels).map((index) => [
		0x42,
		...vectorOf([alias(index), [0x04, 0, ...text("a"), 5, 0], [0x04, 0, ...text("b"), 5, 0]]),
	]);
	return component(section(7, vectorOf([[0x42, 0], ...types])));
}

/** Components that hold more of something than its bound. */
const TOO_MANY: readonly (readonly [name: string, bytes: Uint8Array, message: RegExp])[] = [
	["items", component(section(7, vector(200_001, [0x73]))), /more than 200000 items, counted at byte/],
	["definitions", component(section(7, vector(100_001, [0x73]))), /more than 100000 definitions/],
	["imported functions", importing(101, 100), /more than 10000 imported functions/],
	["imported interfaces", importing(0, 1001), /more than 1000 imported interfaces/],
	["functions for core code", drops(10_001), /more than 10000 lowered functions/],
	["core modules", component(...range(65).map(() => section(1, coreModule()))), /more than 64 core modules/],
	["core instances", component(section(1, coreModule()), section(2, vector(65, [0, 0, 0]))), /more than 64 core instances/],
	["component instances", component(section(4, component()), section(5, vector(1000, [0, 0, 0]))), /more than 1000 component instances/],
	["levels of components", nested(17), /its components are nested too deeply at byte/],
	["levels of instance types", component(section(7, vectorOf([nestedTypes(17)]))), /its types are nested too deeply at byte/],
	[
		"levels of lists",
		component(section(7, vectorOf([[0x73], ...range(64).map((index) => [0x70, ...leb(index)])]))),
		/its types are nested too deeply at byte/,
	],
	["levels of instance types by aliases", chain(40), /the types of its instances are nested too deeply/],
];

function nested(levels: number): Buffer {
	return levels === 0 ? component() : component(section(4, nested(levels - 1)));
}

function nestedTypes(levels: number): number[] {
	return levels === 0 ? [0x73] : [0x42, 1, 0x01, ...nestedTypes(levels - 1)];
}

function chain(levels: number): Buffer {
	const types = range(levels).map((index) => [
		0x42,
		...vectorOf([
			[0x02, 3, 2, 1, ...leb(index)],
			[0x04, 0, ...text("a"), 5, 0],
		]),
	]);
	return component(section(7, vectorOf([[0x42, 0], ...types])));
}

for (const [name, bytes, message] of TOO_MANY)
	test(`too many ${name} are refused`, () => assert.throws(() => planComponent(bytes), message));

test("as many as each bound allows are planned", () => {
	assert.is(planComponent(importing(100, 100)).plan.imports.length, 100);
	assert.is(planComponent(drops(10_000)).plan.trampolines.length, 10_000);
	assert.is(planComponent(component(section(1, coreModule()), section(2, vector(64, [0, 0, 0])))).plan.steps.length, 64);
	assert.is(planComponent(component(section(4, component()), section(5, vector(999, [0, 0, 0])))).plan.instances, 1000);
	planComponent(nested(16));
	planComponent(component(section(7, vectorOf([nestedTypes(16)]))));
});

test("a component that instantiates its own argument with itself is refused", async () => {
	const bytes = await assemble(`(component
		(component $c (import "c" (component $x (import "c" (component)))) (instance (instantiate $x (with "c" (component $x)))))
		(instance (instantiate $c (with "c" (component $c)))))`);
	assert.throws(() => planComponent(bytes), /its components are instantiated in one another too deeply/);
});

test.run();
