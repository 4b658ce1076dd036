import { deepStrictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loweringEmitter } from "../../../../codegen/emit/abi-component/lowering/index.ts";
import type { ExportLifting, InterfaceLowering } from "../../../../generated/abi/component/lowering/runtime.ts";
import {
	type CoreValue,
	fieldIn,
	flatten,
	layout,
	liftFlat,
	load,
	lowerFlat,
	MAX_FLAT_PARAMS,
	MAX_FLAT_RESULTS,
	store,
	type Type,
	type Value,
} from "../../../helpers/canonical-abi.ts";
import { hostShape, keyOf, RandomTypes, randomValue, reference } from "../../../helpers/canonical-types.ts";
import { abiOf, emitText, GeneratedFiles } from "../../../helpers/codegen.ts";
import { fromJs, PlainGuest, toJs } from "../../../helpers/plain-guest.ts";

/** Types of a run in CI. `SPEAR_LOWERING_RUNS` sets another number. */
const RUNS = Number(process.env.SPEAR_LOWERING_RUNS ?? 300);
const RUNTIME = fileURLToPath(new URL("../../../../generated/abi/component/lowering/runtime.ts", import.meta.url));
const FOLDER = "abi/component/lowering/";

/** A random function, and arguments and a result for it. */
interface Case {
	readonly wit: string;
	readonly params: readonly Type[];
	readonly result: Type | undefined;
	readonly args: readonly Value[];
	readonly answer: Value | undefined;
	readonly isMethod: boolean;
	readonly waits: boolean;
	readonly key: string;
}

function randomCase(gen: fc.GeneratorValue, name: string): Case {
	const types = new RandomTypes(gen);
	const params = Array.from({ length: gen(fc.nat, { max: 4 }) }, () => types.type(3, "own-or-borrow"));
	const result = gen(fc.boolean) ? types.type(3, "own") : undefined;
	const isMethod = gen(fc.boolean);
	const waits = gen(fc.boolean);
	const signature = `func(${params.map((type, index) => `p${index}: ${reference(type)}`).join(", ")})${result === undefined ? "" : ` -> ${reference(result)}`}`;
	const tag = waits ? "    /// @blocking\n" : "";
	const wit = `package test:random@1.2.3;
interface ${name} {
  resource thing {
${isMethod ? `${tag}    call: ${signature};\n` : ""}  }
${types.wit()}${isMethod ? "" : `${tag}    call: ${signature};\n`}}
world w {
  use ${name}.{thing${[...types.definitions.keys()].map((each) => `, ${each}`).join("")}};
  export call: ${signature};
}
`;
	const resource = `test:random/${name}.thing`;
	const keys = params.map((type, index) => `p${index}:${keyOf(type, resource)}`);
	const key = `${keys.join(",")})${result === undefined ? "" : `->${keyOf(result, resource)}`}`;
	return {
		wit,
		params,
		result,
		args: params.map((type) => randomValue(gen, type)),
		answer: result && randomValue(gen, result),
		isMethod,
		waits,
		key,
	};
}

/** Emitted code of all cases. The project's own runtime stands for the emitted one, which is the same. */
const generated = await GeneratedFiles.write(new Map([[`${FOLDER}runtime.ts`, `export * from ${JSON.stringify(RUNTIME)};\n`]]));
let count = 0;

interface Loaded {
	readonly lowering: InterfaceLowering;
	readonly exported: ExportLifting;
}

async function emitAndLoad(wit: string, name: string): Promise<Loaded> {
	const files = await emitText(loweringEmitter, abiOf(wit));
	const own = `${FOLDER}${name}.ts`;
	const exports = `${FOLDER}exports-of-${name}.ts`;
	await generated.add(
		new Map([
			[own, files.get(own) ?? ""],
			[exports, files.get(`${FOLDER}exports.ts`) ?? ""],
		]),
	);
	const lowering = (await generated.load(own))[name];
	const { EXPORTS } = await generated.load(exports);
	if (!isLowering(lowering) || !isExports(EXPORTS)) throw new Error(`nothing is exported for ${name}`);
	return { lowering, exported: EXPORTS.call };
}

function isLowering(value: unknown): value is InterfaceLowering {
	return typeof value === "object" && value !== null && "functions" in value && "resources" in value;
}

function isExports(value: unknown): value is { readonly call: ExportLifting } {
	return typeof value === "object" && value !== null && "call" in value;
}

/** What a guest passes: core values, or the address of a record with the values of many parameters. */
function lowerAll(guest: PlainGuest, values: readonly Value[], types: readonly Type[]): unknown[] {
	const flat = types.flatMap(flatten);
	if (flat.length <= MAX_FLAT_PARAMS) {
		const core = types.flatMap((type, index) => lowerFlat(guest, values[index] ?? false, type));
		return core.map((value, index) => toJs(value, flat[index] ?? "i32"));
	}
	const tuple: Type = { kind: "tuple", items: types };
	const { size, alignment } = layout(tuple);
	const pointer = guest.allocate(alignment, size);
	store(guest, { record: new Map(values.map((value, index) => [String(index), value])) }, tuple, pointer);
	return [pointer];
}

/** What a guest receives. */
function liftAll(guest: PlainGuest, core: readonly unknown[], types: readonly Type[]): Value[] {
	const tuple: Type = { kind: "tuple", items: types };
	const flat = types.flatMap(flatten);
	const next = [...core];
	const lifted =
		flat.length > MAX_FLAT_PARAMS
			? load(guest, Number(core[0]), tuple)
			: liftFlat(guest, (wanted): CoreValue => fromJs(next.shift(), wanted), tuple);
	return types.map((_, index) => fieldIn(lifted, String(index)));
}

function isIndirect(type: Type): boolean {
	return flatten(type).length > MAX_FLAT_RESULTS;
}

/** Calls a function of the host with the case's arguments, as a guest would. Compares what the host receives and what the guest gets. */
async function callHost({ params, result, args, answer, isMethod, waits, key }: Case, { lowering }: Loaded, name: string): Promise<void> {
	const thing = lowering.resources.thing;
	const lowered = lowering.functions[isMethod ? "[method]thing.call" : "call"];
	if (thing === undefined || lowered === undefined) throw new Error("the function was not emitted");
	assert.is(lowered.key, isMethod ? `(self:borrow<test:random/${name}.thing>${params.length === 0 ? "" : ","}${key}` : `(${key}`);
	assert.is(lowered.waits, waits);

	const guest = new PlainGuest(thing);
	const self = { id: -1 };
	const types: Type[] = isMethod ? [{ kind: "borrow" }, ...params] : [...params];
	const core = lowerAll(guest, isMethod ? [{ resource: self }, ...args] : args, types);
	const pointer = result !== undefined && isIndirect(result) ? guest.allocate(layout(result).alignment, layout(result).size) : undefined;
	if (pointer !== undefined) core.push(pointer);

	const received: unknown[] = [];
	const given = answer === undefined || result === undefined ? undefined : hostShape(answer, result);
	const target = function (this: unknown, ...passed: unknown[]): unknown {
		if (isMethod) received.push(this);
		received.push(...passed);
		return waits ? Promise.resolve(given) : given;
	};
	const returned: unknown = Reflect.apply(lowered.lower(guest.context, { target }), undefined, core);
	assert.is(returned instanceof Promise, waits);
	const flat = await returned;

	deepStrictEqual(received, [...(isMethod ? [self] : []), ...params.map((type, index) => hostShape(args[index] ?? false, type))]);
	if (result === undefined) return;
	const stored = pointer === undefined ? liftFlat(guest, (wanted) => fromJs(flat, wanted), result) : load(guest, pointer, result);
	deepStrictEqual(hostShape(stored, result), given);
}

/** Calls an export of a guest that receives the case's arguments and returns its answer. */
async function callGuest({ params, result, args, answer }: Case, { lowering, exported }: Loaded): Promise<void> {
	const thing = lowering.resources.thing;
	if (thing === undefined) throw new Error("the resource was not emitted");
	const guest = new PlainGuest(thing);
	const received: Value[] = [];
	const freed: unknown[] = [];
	let raw: unknown;
	const core = async (...passed: unknown[]): Promise<unknown> => {
		received.push(...liftAll(guest, passed, params));
		if (result === undefined || answer === undefined) return undefined;
		if (isIndirect(result)) {
			const { size, alignment } = layout(result);
			raw = guest.allocate(alignment, size);
			store(guest, answer, result, Number(raw));
		} else {
			raw = toJs(lowerFlat(guest, answer, result)[0] ?? 0n, flatten(result)[0] ?? "i32");
		}
		return raw;
	};
	const run = exported.lift(guest.context, core, (...passed: unknown[]) => freed.push(...passed));
	const passed = params.map((type, index) => hostShape(args[index] ?? false, type));
	const returned: unknown = await Reflect.apply(run, undefined, passed);

	deepStrictEqual(
		received.map((value, index) => hostShape(value, params[index] ?? { kind: "own" })),
		passed,
	);
	deepStrictEqual(returned, answer === undefined || result === undefined ? undefined : hostShape(answer, result));
	assert.equal(freed, result === undefined ? [] : [raw]);
	assert.is(guest.component.borrows, 0);
}

test("values of random types cross as the reference implementation of the canonical ABI carries them", async () => {
	await fc.assert(
		fc.asyncProperty(fc.gen(), async (gen) => {
			count += 1;
			const name = `face${count}`;
			const random = randomCase(gen, name);
			const loaded = await emitAndLoad(random.wit, name);
			await callHost(random, loaded, name);
			await callGuest(random, loaded);
		}),
		{ numRuns: RUNS, includeErrorInReport: true },
	);
});

const JOINED: Type = {
	kind: "variant",
	name: "joined",
	cases: [
		{ label: "signed", type: { kind: "primitive", name: "s32" } },
		{ label: "single", type: { kind: "primitive", name: "f32" } },
		{ label: "double", type: { kind: "primitive", name: "f64" } },
		{ label: "wide", type: { kind: "primitive", name: "s64" } },
	],
};
const JOINED_WIT = `package test:random@1.2.3;
interface joins {
  resource thing;
  variant joined { signed(s32), single(f32), double(f64), wide(s64) }
  call: func(p0: joined) -> joined;
}
world w {
  use joins.{joined};
  export call: func(p0: joined) -> joined;
}
`;

test("each case of a variant of mixed numbers passes through the joined core values unchanged", async () => {
	const loaded = await emitAndLoad(JOINED_WIT, "joins");
	const values: readonly Value[] = [
		{ label: "signed", value: -5n },
		{ label: "single", value: -1.5 },
		{ label: "double", value: -1e300 },
		{ label: "wide", value: -6n },
	];
	const key = `p0:${keyOf(JOINED, "")})->${keyOf(JOINED, "")}`;
	for (const value of values) {
		const example = { wit: JOINED_WIT, params: [JOINED], result: JOINED, args: [value], answer: value, isMethod: false, waits: false, key };
		await callHost(example, loaded, "joins");
		await callGuest(example, loaded);
	}
});

test.after(() => generated.remove());

test.run();
