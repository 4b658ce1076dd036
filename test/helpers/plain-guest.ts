/** A guest without code: a memory that every allocation moves, and handles. */
import {
	CallContext,
	ComponentState,
	GuestState,
	type HostcallLimits,
	type ResourceType,
} from "../../generated/abi/component/lowering/runtime.ts";
import { alignTo, type CoreType, type CoreValue, type Guest } from "./canonical-abi.ts";

const LIMITS: HostcallLimits = { maxBytes: 1e6, maxItems: 1e6, maxHandles: 1e5 };

export class PlainGuest implements Guest {
	readonly component: ComponentState;
	readonly context: CallContext;
	/** As a `WebAssembly.Memory` shows itself: growth detaches the former buffer. */
	buffer = new ArrayBuffer(64);
	readonly junk = 0x5a5a_5a5an;
	readonly #thing: ResourceType;
	#end = 8;

	/** @param thing resource of all handles */
	constructor(thing: ResourceType, limits: Partial<HostcallLimits> = {}) {
		this.component = new ComponentState(new GuestState({ ...LIMITS, ...limits }));
		this.context = new CallContext(this.component, this, (_pointer, _size, alignment, size) => this.allocate(alignment, size));
		this.#thing = thing;
	}

	view(): DataView {
		return new DataView(this.buffer);
	}

	allocate(alignment: number, size: number): number {
		const at = alignTo(this.#end, alignment);
		this.#end = at + size;
		const before = this.buffer.byteLength;
		this.buffer = this.buffer.transfer(Math.max(before, this.#end) + 16);
		// What nobody wrote is no zero in a guest.
		new Uint8Array(this.buffer).fill(0xa5, before);
		return at;
	}

	addHandle(_mode: "own" | "borrow", resource: object): number {
		return this.component.add(this.#thing, resource);
	}

	removeHandle(mode: "own" | "borrow", index: number): object {
		const value = mode === "own" ? this.component.take(index, this.#thing) : this.component.get(index, this.#thing);
		if (mode === "borrow") this.component.drop(index, this.#thing);
		if (typeof value !== "object" || value === null) throw new TypeError("the handle stands for no object");
		return value;
	}
}

/** A core value as WebAssembly's API passes it. */
export function toJs(value: CoreValue, type: CoreType): unknown {
	if (typeof value === "number") return value;
	return type === "i64" ? BigInt.asIntN(64, value) : Number(BigInt.asIntN(32, value));
}

/** A core value that JavaScript passed to WebAssembly. */
export function fromJs(value: unknown, type: CoreType): CoreValue {
	if (typeof value === "bigint" && type === "i64") return BigInt.asUintN(64, value);
	if (typeof value !== "number") throw new TypeError(`${String(value)} is no ${type}`);
	if (type === "f32") return Math.fround(value);
	return type === "f64" ? value : BigInt(value >>> 0);
}
