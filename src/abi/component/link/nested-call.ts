import type { CallContext, CoreFunction } from "../../../../generated/abi/component/lowering/runtime.ts";
import { align, layoutOf, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, offsetsOf } from "../canonical/layout.ts";
import { type FindResource, FlatValues, Lifter } from "../canonical/lift.ts";
import { Lowerer } from "../canonical/lower.ts";
import type { PlannedType, ValueType } from "../plan/plan.ts";

/** Side of a call between component instances. */
export interface CallSide {
	readonly context: CallContext;
	/** Resource types, as the side's component instance knows them. */
	readonly resource: FindResource;
}

/** The called side. */
export interface Callee extends CallSide {
	readonly core: CoreFunction;
	/** Frees the result of `core`. */
	readonly free: CoreFunction | undefined;
	/** Name of the function, for messages. */
	readonly name: string;
}

/**
 * Returns the core function by which one component instance calls another of the same guest. Values are copied through the host. The guest cannot
 * wait below such a call, because a frame of JavaScript is on its stack.
 */
export function nestedCall(caller: CallSide, callee: Callee, type: PlannedType): CoreFunction {
	const lifter = new Lifter(caller.context, caller.resource);
	const lowerer = new Lowerer(caller.context, caller.resource);
	const inner = lowered(callee, type);
	const params = type.params.map((param) => param.type);
	const flat = flatCount(params);
	return (...args: readonly unknown[]) => {
		caller.context.enter(callee.name);
		const values =
			flat > MAX_FLAT_PARAMS ? loadAll(caller.context, lifter, params, Number(args[0])) : liftAll(lifter, params, new FlatValues(args));
		const result = inner(values);
		lifter.endLending();
		caller.context.refresh();
		if (type.result === undefined) return undefined;
		if (layoutOf(type.result).flat.length <= MAX_FLAT_RESULTS) return lowerer.flat(type.result, result)[0];
		const { size, alignment } = layoutOf(type.result);
		const at = caller.context.address(Number(args.at(-1)), size, alignment);
		lowerer.store(type.result, at, result);
		return undefined;
	};
}

/** Returns the function that lowers its arguments into the callee, calls it and lifts the result. */
export function lowered(callee: Callee, type: PlannedType): (values: readonly unknown[]) => unknown {
	const { context, core, free, name } = callee;
	const lifter = new Lifter(context, callee.resource);
	const lowerer = new Lowerer(context, callee.resource);
	const params = type.params.map((param) => param.type);
	const flat = flatCount(params);
	return (values) => {
		context.enterExport(name);
		const args =
			flat > MAX_FLAT_PARAMS
				? [storeAll(context, lowerer, params, values)]
				: params.flatMap((param, index) => lowerer.flat(param, values[index]));
		context.guest.forbidWaiting();
		let raw: unknown;
		try {
			raw = Reflect.apply(core, undefined, args);
		} catch (cause) {
			throw context.guest.escaped(name, cause);
		}
		context.guest.allowWaiting();
		context.refresh();
		const result = type.result === undefined ? undefined : liftResult(context, lifter, type.result, raw);
		lifter.endLending();
		context.leaveExport(free, raw);
		return result;
	};
}

function liftResult(context: CallContext, lifter: Lifter, type: ValueType, raw: unknown): unknown {
	const { size, alignment, flat } = layoutOf(type);
	if (flat.length <= MAX_FLAT_RESULTS) return lifter.flat(type, new FlatValues([raw]));
	return lifter.load(type, context.address(Number(raw), size, alignment));
}

function liftAll(lifter: Lifter, params: readonly ValueType[], values: FlatValues): unknown[] {
	return params.map((param) => lifter.flat(param, values));
}

function loadAll(context: CallContext, lifter: Lifter, params: readonly ValueType[], pointer: number): unknown[] {
	const { size, alignment } = recordOf(params);
	const at = context.address(pointer, size, alignment);
	const offsets = offsetsOf(params);
	return params.map((param, index) => lifter.load(param, at + (offsets[index] ?? 0)));
}

function storeAll(context: CallContext, lowerer: Lowerer, params: readonly ValueType[], values: readonly unknown[]): number {
	const { size, alignment } = recordOf(params);
	const at = context.alloc(alignment, size);
	const offsets = offsetsOf(params);
	for (const [index, param] of params.entries()) lowerer.store(param, at + (offsets[index] ?? 0), values[index]);
	return at;
}

function recordOf(params: readonly ValueType[]): { readonly size: number; readonly alignment: number } {
	const offsets = offsetsOf(params);
	const alignment = Math.max(1, ...params.map((param) => layoutOf(param).alignment));
	const last = params.at(-1);
	return { size: last === undefined ? 0 : align((offsets.at(-1) ?? 0) + layoutOf(last).size, alignment), alignment };
}

function flatCount(params: readonly ValueType[]): number {
	return params.reduce((count, param) => count + layoutOf(param).flat.length, 0);
}
