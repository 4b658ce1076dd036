import { Violation } from "./violation.ts";

/** Deepest nesting of a message. The JSON of a guest may have 256 levels. */
const MAX_DEPTH = 512;

/** Most values in a message. Bounds the time of the check, also for an object that is reached by many ways. */
const MAX_VALUES = 1_000_000;

/**
 * Checks that a value from a worker is a tree of plain data: objects, lists, texts, numbers and typed arrays of its own memory. Everything
 * behind this check may walk the value without bounds of its own. A copy by `postMessage` may hold cycles, one object at many places, memory
 * that the worker goes on writing to, and ports.
 *
 * @param maxBytes Most bytes of texts and typed arrays.
 * @throws Violation for anything else, and beyond the bounds.
 */
export function checkPlainData(value: unknown, maxBytes: number): void {
	const budget = { bytes: maxBytes, values: MAX_VALUES };
	visit(value, 0, budget);
}

interface Budget {
	bytes: number;
	values: number;
}

function visit(value: unknown, depth: number, budget: Budget): void {
	budget.values -= 1;
	if (budget.values < 0) throw new Violation(`a message holds more than ${MAX_VALUES} values`);
	switch (typeof value) {
		case "string":
			use(value.length, budget);
			return;
		case "number":
		case "boolean":
		case "undefined":
			return;
		case "object":
			if (value !== null) visitObject(value, depth, budget);
			return;
		default:
			throw new Violation(`a message holds a ${typeof value}`);
	}
}

function visitObject(value: object, depth: number, budget: Budget): void {
	if (depth === MAX_DEPTH) throw new Violation(`a message is nested deeper than ${MAX_DEPTH} levels`);
	if (Array.isArray(value)) {
		// A list of four thousand million holes is as small as an empty one, until something walks it.
		if (value.length > budget.values) throw new Violation(`a message holds more than ${MAX_VALUES} values`);
		for (const item of value) visit(item, depth + 1, budget);
		return;
	}
	if (ArrayBuffer.isView(value)) {
		if (!(value.buffer instanceof ArrayBuffer)) throw new Violation("a message shares memory");
		use(value.buffer.byteLength, budget);
		return;
	}
	if (Object.getPrototypeOf(value) !== Object.prototype) throw new Violation("a message holds an object that is no plain data");
	for (const [name, member] of Object.entries(value)) {
		use(name.length, budget);
		visit(member, depth + 1, budget);
	}
}

function use(bytes: number, budget: Budget): void {
	budget.bytes -= bytes;
	if (budget.bytes < 0) throw new Violation("a message is larger than the memory of its guest");
}
