/** Random WIT packages for comparisons of engines, with the core module of a guest that forwards values between its memory and the host. */
import fc from "fast-check";
import { type CoreType, flatten, layout, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, type Type } from "../canonical-abi.ts";
import { RandomTypes, reference } from "../canonical-types.ts";

/** Place of the flat arguments in the guest's memory, 16 bytes each. */
export const ARGUMENTS_AT = 1_024;
/** Place of the result: of its memory form, or of its only core value. */
export const RESULT_AT = 8_192;
/** Place where the guest leaves and finds a handle. */
export const HANDLE_AT = 64;
/** Values of arguments outside the flat ones. */
export const VALUES_AT = 100_000;
const HEAP_AT = 3_000_000;
const PAGES = 100;

/** Jobs of the guest below those of its functions. */
export const JOB = { make: 0, show: 1, drop: 2 } as const;
const FIRST_FUNCTION = 3;

export interface RandomFunction {
	/** WIT name within the interface. */
	readonly name: string;
	readonly kind: "function" | "method" | "static" | "constructor";
	/** Parameters, with the \`self\` of a method. */
	readonly params: readonly Type[];
	readonly result: Type | undefined;
	readonly waits: boolean;
	/** Number by which the guest calls the function. */
	readonly job: number;
}

export interface RandomPackage {
	readonly wit: string;
	readonly core: string;
	readonly functions: readonly RandomFunction[];
}

const KINDS = ["function", "function", "method", "static"] as const;

export const INTERFACE = "test:differential/face";
const VERSION = "1.2.3";
/** WIT that the transpiler asks for by the names of its imports. */
export function importName({ name }: RandomFunction): string {
	return `${INTERFACE}@${VERSION}#${name}`;
}

export function randomPackage(gen: fc.GeneratorValue, count: number): RandomPackage {
	const types = new RandomTypes(gen);
	const own: Type = { kind: "own" };
	const functions = Array.from({ length: count }, (_, index): RandomFunction => {
		const kind = index === 0 ? "constructor" : (KINDS[gen(fc.nat, { max: KINDS.length - 1 })] ?? "function");
		const params = Array.from({ length: gen(fc.nat, { max: 4 }) }, () => types.type(3, "own-or-borrow"));
		const result = kind === "constructor" ? own : gen(fc.nat, { max: 4 }) > 0 ? types.type(3, "own") : undefined;
		const name = {
			constructor: "[constructor]thing",
			method: `[method]thing.m${index}`,
			static: `[static]thing.st${index}`,
			function: `fn${index}`,
		}[kind];
		return {
			name,
			kind,
			params: kind === "method" ? [{ kind: "borrow" }, ...params] : params,
			result,
			waits: kind !== "constructor" && gen(fc.nat, { max: 3 }) === 0,
			job: FIRST_FUNCTION + index,
		};
	});
	const members = functions.filter(({ kind }) => kind !== "function").map((each) => `\t\t${memberText(each)}\n`);
	const plain = functions.filter(({ kind }) => kind === "function").map((each) => `\t${memberText(each)}\n`);
	const wit = `package test:differential@${VERSION};
interface face {
	resource thing {
${members.join("")}	}
${types.wit()}
${plain.join("")}	make: func() -> thing;
	show: func(it: borrow<thing>);
}
world w {
	import face;
	export run: func(job: u32);
}
`;
	return { wit, core: coreText(functions), functions };
}

function memberText({ name, kind, params, result, waits }: RandomFunction): string {
	const own = kind === "method" ? params.slice(1) : params;
	const list = own.map((type, index) => `p${index}: ${reference(type)}`).join(", ");
	const tag = waits ? "/// Waits.\n/// \n/// @blocking\n" : "";
	if (kind === "constructor") return `constructor(${list});`;
	const label = name.slice(name.lastIndexOf(".") + 1);
	return `${tag}${label}: ${kind === "static" ? "static " : ""}func(${list})${result === undefined ? "" : ` -> ${reference(result)}`};`;
}

function coreText(functions: readonly RandomFunction[]): string {
	const imports = functions.map((each) => {
		const { params, results } = signature(each);
		return `(import "${INTERFACE}@${VERSION}" "${each.name}" (func $call${each.job} (param ${params.join(" ")}) (result ${results.join(" ")})))`;
	});
	const jobs = functions.map((each) => `(if (i32.eq (local.get 0) (i32.const ${each.job})) (then ${callText(each)}))`);
	return `(module
		${imports.join("\n")}
		(import "${INTERFACE}@${VERSION}" "make" (func $make (result i32)))
		(import "${INTERFACE}@${VERSION}" "show" (func $show (param i32)))
		(import "${INTERFACE}@${VERSION}" "[resource-drop]thing" (func $drop (param i32)))
		(memory (export "memory") ${PAGES})
		(global $heap (mut i32) (i32.const ${HEAP_AT}))
		(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
			(local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
			(global.set $heap (i32.add (local.get $at) (local.get 3)))
			(local.get $at))
		(func (export "run") (param i32)
			(global.set $heap (i32.const ${HEAP_AT}))
			(if (i32.eqz (local.get 0)) (then (i32.store (i32.const ${HANDLE_AT}) (call $make))))
			(if (i32.eq (local.get 0) (i32.const ${JOB.show})) (then (call $show (i32.load (i32.const ${HANDLE_AT})))))
			(if (i32.eq (local.get 0) (i32.const ${JOB.drop})) (then (call $drop (i32.load (i32.const ${HANDLE_AT})))))
			${jobs.join("\n")}))`;
}

interface Signature {
	readonly params: readonly CoreType[];
	readonly results: readonly CoreType[];
	readonly isSpilled: boolean;
	readonly isIndirect: boolean;
}

export function signature({ params, result }: RandomFunction): Signature {
	const flat = params.flatMap(flatten);
	const flatResult = result === undefined ? [] : flatten(result);
	const isSpilled = flat.length > MAX_FLAT_PARAMS;
	const isIndirect = flatResult.length > MAX_FLAT_RESULTS;
	const passed: readonly CoreType[] = isSpilled ? ["i32"] : flat;
	return { params: isIndirect ? [...passed, "i32"] : passed, results: isIndirect ? [] : flatResult, isSpilled, isIndirect };
}

function callText(each: RandomFunction): string {
	const { params, results, isIndirect } = signature(each);
	const loads = params.map((type, index) =>
		isIndirect && index === params.length - 1 ? `(i32.const ${RESULT_AT})` : `(${type}.load (i32.const ${ARGUMENTS_AT + 16 * index}))`,
	);
	const call = `(call $call${each.job} ${loads.join(" ")})`;
	const [result] = results;
	return result === undefined ? call : `(${result}.store (i32.const ${RESULT_AT}) ${call})`;
}

/** Returns the size of a result's memory form, or 8 for a core value. */
export function resultSize({ result }: RandomFunction): number {
	return result === undefined ? 0 : Math.max(8, layout(result).size);
}
