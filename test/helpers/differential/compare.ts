/** Runs the same calls of random functions on both engines. Compares what the host received, and what the guest's memory holds afterwards. */
import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { alignTo, type Guest, layout, liftFlat, load, lowerFlat, store, type Type, type Value } from "../canonical-abi.ts";
import { hostShape, keyOf, randomValue } from "../canonical-types.ts";
import { componentOfCore } from "../component-of-core.ts";
import { generateLowering } from "../generated-lowering.ts";
import { toJs } from "../plain-guest.ts";
import { directInstance, type EngineInstance, jcoInstance } from "./engines.ts";
import { DifferentialHost, Thing } from "./host.ts";
import {
	ARGUMENTS_AT,
	HANDLE_AT,
	importName,
	JOB,
	type RandomFunction,
	RESULT_AT,
	randomPackage,
	resultSize,
	signature,
	VALUES_AT,
} from "./random-package.ts";

/** A case in which an engine did not do what the canonical ABI says. */
export interface Difference {
	readonly engine: EngineInstance["name"];
	readonly function: string;
	readonly what: string;
	/** True for what the transpiler is known to do otherwise, see {@link tolerant}. */
	readonly isKnown: boolean;
}

export interface Comparison {
	readonly cases: number;
	readonly differences: readonly Difference[];
}

export interface ComparisonSize {
	readonly seed: number;
	/** Components, each with functions of its own. Compiling one for the other engine is slow. */
	readonly components: number;
	readonly functions: number;
	/** Calls of each function on each engine. */
	readonly calls: number;
}

export async function compareEngines({ seed, components, functions, calls }: ComparisonSize): Promise<Comparison> {
	const differences: Difference[] = [];
	let cases = 0;
	for (let index = 0; index < components; index += 1) {
		const [gen] = fc.sample(fc.gen(), { seed: seed + index, numRuns: 1 });
		if (gen === undefined) throw new Error("there is no generator");
		const made = randomPackage(gen, functions);
		const component = await componentOfCore(made.core, made.wit, "w");
		const waiting = made.functions.filter(({ waits }) => waits).map(importName);
		const hosts = [new DifferentialHost(made), new DifferentialHost(made)] as const;
		const engines = [
			[await directInstance(component, await generateLowering(made.wit), hosts[0].imports), hosts[0]],
			[await jcoInstance(component, waiting, hosts[1].imports), hosts[1]],
		] as const;
		for (const each of made.functions)
			for (let call = 0; call < calls; call += 1) {
				const args = each.params.map((type) => randomValue(gen, type));
				const answer = each.result && randomValue(gen, each.result);
				cases += 1;
				for (const [engine, host] of engines) {
					const found = await new DifferentialCall(engine, host, each).compare(args, answer).catch(thrown);
					if (found === undefined) continue;
					const type = typeOf(each);
					const isKnown = found.isKnown || RESULT_OF_RESULT.test(type);
					differences.push({ ...found, isKnown, engine: engine.name, function: `${each.name} of seed ${seed + index}: ${type}` });
				}
			}
	}
	return { cases, differences };
}

function typeOf({ params, result }: RandomFunction): string {
	const keys = [...params, ...(result === undefined ? [] : [result])].map((type) => keyOf(type, "thing"));
	return `(${keys.slice(0, params.length).join(", ")})${keys.slice(params.length).map((key) => ` -> ${key}`)}`;
}

type Divergence = Pick<Difference, "what" | "isKnown">;

function thrown(cause: unknown): Divergence {
	const what = `it threw ${cause}`;
	return { what, isKnown: KNOWN_ERRORS.test(what) };
}

/** Errors of jco 1.34 for numbers without their sign, and for tuples in a result that is in a result. */
const KNOWN_ERRORS = /must be between -\d+ and \d+|is not iterable/;

function divergence(what: string, is: unknown, shouldBe: unknown): Divergence | undefined {
	const [left, right] = [plain(is), plain(shouldBe)];
	if (isDeepStrictEqual(left, right)) return undefined;
	return { what: `${what} ${shown(left)}, not ${shown(right)}`, isKnown: isDeepStrictEqual(tolerant(left), tolerant(right)) };
}

/** jco 1.34 takes the inner result of such an answer for the outer one. */
const RESULT_OF_RESULT = / -> result<result</;

/** A handle in a result, before the test knows what it stands for. */
interface Found {
	readonly index: number;
	stands?: unknown;
}

class DifferentialCall {
	readonly #engine: EngineInstance;
	readonly #host: DifferentialHost;
	readonly #function: RandomFunction;
	readonly #handles = new Map<object, number>();
	readonly #borrowed: number[] = [];
	readonly #found = new Map<unknown, Found>();
	#end = VALUES_AT;

	constructor(engine: EngineInstance, host: DifferentialHost, called: RandomFunction) {
		this.#engine = engine;
		this.#host = host;
		this.#function = called;
	}

	/** Returns the first difference from what the canonical ABI says. */
	async compare(args: readonly Value[], answer: Value | undefined): Promise<Divergence | undefined> {
		const engine = this.#engine;
		const host = this.#host;
		const { params, result, job, kind } = this.#function;
		for (const resource of args.flatMap(resourcesIn)) await this.#make(resource);
		this.#pass(args);
		const answered = answer === undefined || result === undefined ? undefined : hostShape(answer, result);
		const own = answer === undefined ? [] : resourcesIn(answer);
		const things = new Map(own.map((each) => [each, host.thing(each)]));
		host.answer = replaced(
			answered,
			things,
			engine.name === "jco" ? (name) => name.replace(/^[A-Z]+$/, (all) => all.toLowerCase()) : (name) => name,
		);
		if (kind === "constructor") host.next = own[0] ?? {};
		host.received = undefined;
		await engine.run(job);

		const expected = params.map((type, index) => hostShape(args[index] ?? false, type));
		const wrong = divergence("the host received", host.received, expected);
		for (const index of this.#borrowed) await this.#handleJob(JOB.drop, index);
		if (wrong !== undefined || result === undefined) return wrong;
		const held = hostShape(this.#result(result), result);
		for (const found of this.#found.values()) {
			await this.#handleJob(JOB.show, found.index);
			found.stands = host.shown;
			await this.#handleJob(JOB.drop, found.index);
		}
		return divergence("the guest received", held, answered);
	}

	/** Makes a handle for an object. */
	async #make(resource: object): Promise<void> {
		this.#host.next = resource;
		await this.#engine.run(JOB.make);
		this.#handles.set(resource, this.#engine.view().getUint32(HANDLE_AT, true));
	}

	async #handleJob(job: number, index: number): Promise<void> {
		this.#engine.view().setUint32(HANDLE_AT, index, true);
		await this.#engine.run(job);
	}

	/** Writes the arguments to the places from which the guest passes them. */
	#pass(args: readonly Value[]): void {
		const guest = this.#guest();
		const { params, isSpilled } = signature(this.#function);
		const tuple = tupleOf(this.#function.params);
		const record = { record: new Map(args.map((value, index) => [String(index), value])) };
		const view = this.#engine.view();
		new Uint8Array(view.buffer, RESULT_AT, resultSize(this.#function)).fill(0xa5);
		if (isSpilled) {
			const at = guest.allocate(layout(tuple).alignment, layout(tuple).size);
			store(guest, record, tuple, at);
			view.setUint32(ARGUMENTS_AT, at, true);
			return;
		}
		for (const [index, value] of lowerFlat(guest, record, tuple).entries()) {
			const at = ARGUMENTS_AT + 16 * index;
			const core = toJs(value, params[index] ?? "i32");
			if (typeof core === "bigint") view.setBigInt64(at, core, true);
			else if (params[index] === "i32") view.setInt32(at, Number(core), true);
			else if (params[index] === "f32") view.setFloat32(at, Number(core), true);
			else view.setFloat64(at, Number(core), true);
		}
	}

	#result(type: Type): Value {
		const guest = this.#guest();
		if (signature(this.#function).isIndirect) return load(guest, RESULT_AT, type);
		const view = this.#engine.view();
		return liftFlat(
			guest,
			(wanted) => {
				if (wanted === "i64") return view.getBigUint64(RESULT_AT, true);
				if (wanted === "i32") return BigInt(view.getUint32(RESULT_AT, true));
				return wanted === "f32" ? view.getFloat32(RESULT_AT, true) : view.getFloat64(RESULT_AT, true);
			},
			type,
		);
	}

	#guest(): Guest {
		return {
			view: () => this.#engine.view(),
			// jco refuses bits above those of small integers.
			...(this.#engine.name === "direct" ? { junk: 0x5a5a_5a5an } : {}),
			allocate: (alignment, size) => {
				const at = alignTo(this.#end, alignment);
				this.#end = at + size;
				return at;
			},
			addHandle: (mode, resource) => {
				const index = this.#handles.get(resource);
				if (index === undefined) throw new Error("the object has no handle");
				if (mode === "borrow") this.#borrowed.push(index);
				return index;
			},
			removeHandle: (_mode, index) => {
				const found = { index };
				this.#found.set(found, found);
				return found;
			},
		};
	}
}

function tupleOf(items: readonly Type[]): Type {
	return { kind: "tuple", items };
}

/** Returns the objects of all handles in a value, in order. */
function resourcesIn(value: Value): object[] {
	const found: object[] = [];
	const collect = (part: unknown): void => {
		if (typeof part !== "object" || part === null) return;
		if ("resource" in part && typeof part.resource === "object" && part.resource !== null) found.push(part.resource);
		else if ("record" in part && part.record instanceof Map) for (const each of part.record.values()) collect(each);
		else if ("label" in part && "value" in part) collect(part.value);
		else if (Array.isArray(part)) for (const each of part) collect(each);
	};
	collect(value);
	return found;
}

/** Returns a value of the host with objects replaced by others, and names of members as an engine spells them. */
function replaced(value: unknown, by: ReadonlyMap<unknown, unknown>, spelled: (member: string) => string): unknown {
	if (by.has(value)) return by.get(value);
	if (Array.isArray(value)) return value.map((each) => replaced(each, by, spelled));
	if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, each]) => [spelled(name), replaced(each, by, spelled)]));
}

/**
 * Returns a value with things replaced by what they stand for, and without members that are undefined. Names of members are in lower case: the
 * engines spell acronyms differently, \`XML\` and \`xml\`.
 */
function plain(value: unknown): unknown {
	if (value instanceof Thing) return value.stands;
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
	if ("stands" in value && "index" in value) return value.stands;
	const members = Object.entries(value).filter(([, each]) => each !== undefined);
	return Object.fromEntries(members.map(([name, each]) => [name.toLowerCase(), plain(each)]));
}

/**
 * Returns a value without what jco 1.34 does otherwise. An `s32` in a variant whose core value is joined to 64 bits has no sign there. Options of
 * options of options lose a level.
 */
function tolerant(value: unknown): unknown {
	if (typeof value === "number" && Number.isInteger(value)) return value >>> 0;
	if (Array.isArray(value)) return value.map(tolerant);
	if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
	if ("tag" in value && value.tag === "none") return undefined;
	if ("tag" in value && value.tag === "some" && "val" in value) return tolerant(value.val);
	const members = Object.entries(value).map(([name, each]) => [name, tolerant(each)] as const);
	return Object.fromEntries(members.filter(([, each]) => each !== undefined));
}

function shown(value: unknown): string {
	return inspect(value, { depth: 10, breakLength: Number.POSITIVE_INFINITY }).slice(0, 400);
}
