/**
 * Copies of values, with their identity and cycles.
 *
 * @see https://html.spec.whatwg.org/multipage/structured-data.html
 */
import { DomException } from "./dom-exception.ts";

export interface CloneOptions {
	/** Buffers that move into the copy and are detached here. */
	readonly transfer?: Iterable<object> | undefined;
}

/**
 * Returns a copy of a value. Functions, symbols, promises, weak collections and proxies of such have no copy.
 *
 * @throws DOMException `DataCloneError` for a value without a copy.
 */
export function structuredClone<T>(value: T, options?: CloneOptions): T {
	const transfer = [...(options?.transfer ?? [])];
	const moved = new Set<ArrayBuffer>();
	for (const item of transfer) {
		if (!(item instanceof ArrayBuffer) || item.detached || moved.has(item))
			throw refusal("only buffers that are neither detached nor listed twice can be transferred");
		moved.add(item);
	}
	const copy = copied(value, new Map());
	// Until the copy is complete, the buffers keep their bytes.
	for (const item of moved) item.transfer();
	return copy as T;
}

/** Constructors of errors whose name a copy keeps. Other names become `Error`. */
const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/** Getters that only objects with the internal slot accept. Look-alikes make the getters throw. */
const slotOf = (prototype: object, name: string): ((value: object) => unknown) => {
	const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
	return (value) => (getter === undefined ? undefined : Reflect.apply(getter, value, []));
};
const sizeOfMap = slotOf(Map.prototype, "size");
const sizeOfSet = slotOf(Set.prototype, "size");
const lengthOfBuffer = slotOf(ArrayBuffer.prototype, "byteLength");

function has(slot: (value: object) => unknown, value: object): boolean {
	try {
		return slot(value) !== undefined;
	} catch {
		return false;
	}
}

function copied(value: unknown, copies: Map<object, object>): unknown {
	if (typeof value === "symbol" || typeof value === "function") throw refusal(`a ${typeof value} has no copy`);
	if (typeof value !== "object" || value === null) return value;
	const known = copies.get(value);
	if (known !== undefined) return known;
	/** Returns the copy after noting it, so that a cycle ends here. */
	const note = <C extends object>(copy: C): C => {
		copies.set(value, copy);
		return copy;
	};
	const inner = (member: unknown): unknown => copied(member, copies);

	if (ArrayBuffer.isView(value)) return note(copyOfView(value, inner(value.buffer) as ArrayBuffer));
	if (has(lengthOfBuffer, value)) return note(copyOfBuffer(value as ArrayBuffer));
	if (value instanceof Date) return note(new Date(value.getTime()));
	if (value instanceof RegExp) return note(Reflect.construct(RegExp, [value.source, value.flags]));
	if (isBoxed(value)) return note(Object(value.valueOf()));
	if (has(sizeOfMap, value)) {
		const copy = note(new Map<unknown, unknown>());
		for (const [key, member] of [...(value as Map<unknown, unknown>)]) copy.set(inner(key), inner(member));
		return copy;
	}
	if (has(sizeOfSet, value)) {
		const copy = note(new Set<unknown>());
		for (const member of [...(value as Set<unknown>)]) copy.add(inner(member));
		return copy;
	}
	if (value instanceof DomException) return note(new DomException(value.message, value.name));
	if (value instanceof Error) return copyOfError(value, note, inner);
	if (isUncopyable(value)) throw refusal(`${nameOf(value)} has no copy`);
	const copy: Record<string, unknown> = note(Array.isArray(value) ? (new Array(value.length) as never) : {});
	for (const key of Object.keys(value)) {
		// A getter of an earlier member may have removed this one.
		if (!Object.hasOwn(value, key)) continue;
		const member = inner((value as Readonly<Record<string, unknown>>)[key]);
		Object.defineProperty(copy, key, { value: member, writable: true, enumerable: true, configurable: true });
	}
	return copy;
}

function copyOfBuffer(buffer: ArrayBuffer): ArrayBuffer {
	if (buffer.detached) throw refusal("a detached buffer has no copy");
	if (!buffer.resizable) return buffer.slice(0);
	const copy = new ArrayBuffer(buffer.byteLength, { maxByteLength: buffer.maxByteLength });
	new Uint8Array(copy).set(new Uint8Array(buffer));
	return copy;
}

function copyOfView(view: ArrayBufferView, buffer: ArrayBuffer): ArrayBufferView {
	const View = view.constructor as new (buffer: ArrayBuffer, offset: number, length?: number) => ArrayBufferView;
	const length = view instanceof DataView ? view.byteLength : (view as Uint8Array).length;
	return new View(buffer, view.byteOffset, length);
}

function copyOfError(error: Error, note: <C extends object>(copy: C) => C, inner: (value: unknown) => unknown): Error {
	const { name } = error;
	const copy = note(Object.hasOwn(ERRORS, name) ? new ERRORS[name as keyof typeof ERRORS]() : new Error());
	for (const key of ["message", "stack", "cause"] as const) {
		const descriptor = Object.getOwnPropertyDescriptor(error, key);
		if (descriptor === undefined || !("value" in descriptor)) continue;
		const value = key === "cause" ? inner(descriptor.value) : String(descriptor.value);
		Object.defineProperty(copy, key, { value, writable: true, configurable: true, enumerable: false });
	}
	return copy;
}

function isBoxed(value: object): boolean {
	return (
		value instanceof Boolean ||
		value instanceof Number ||
		value instanceof String ||
		Object.prototype.toString.call(value) === "[object BigInt]"
	);
}

/** Objects with a state that no copy can have. */
const UNCOPYABLE: readonly (new (...values: never[]) => object)[] = [
	Promise,
	WeakMap,
	WeakSet,
	WeakRef as never,
	FinalizationRegistry as never,
];

function isUncopyable(value: object): boolean {
	return value instanceof Symbol || UNCOPYABLE.some((kind) => value instanceof kind) || /Iterator|Generator/.test(tagOf(value));
}

function tagOf(value: object): string {
	return Object.prototype.toString.call(value).slice(8, -1);
}

function nameOf(value: object): string {
	return `an object of type ${tagOf(value)}`;
}

function refusal(message: string): Error {
	return new DomException(message, "DataCloneError");
}
