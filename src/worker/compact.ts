/** A value for `postMessage`, and the buffers that move with it instead of being copied. */
export interface Compact<T> {
	readonly value: T;
	readonly transfer: ArrayBuffer[];
}

/**
 * Returns a value whose typed arrays own exactly their bytes, and the buffers to transfer. Objects without typed arrays stay as they are.
 *
 * A message with a view carries the whole buffer behind that view. Small buffers of Node share one pool, in which the host's keys may lie, and
 * a view on a guest's memory would carry all of that memory.
 */
export function compact<T>(value: T): Compact<T> {
	const transfer: ArrayBuffer[] = [];
	return { value: copied(value, transfer), transfer };
}

function copied<T>(value: T, transfer: ArrayBuffer[]): T;
function copied(value: unknown, transfer: ArrayBuffer[]): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (ArrayBuffer.isView(value)) return ownView(value, transfer);
	if (Array.isArray(value)) {
		let copy: unknown[] | undefined;
		for (const [index, item] of value.entries()) {
			const next = copied(item, transfer);
			if (next === item) continue;
			copy ??= [...value];
			copy[index] = next;
		}
		return copy ?? value;
	}
	let copy: Record<string, unknown> | undefined;
	for (const [name, member] of Object.entries(value)) {
		const next = copied(member, transfer);
		if (next === member) continue;
		copy ??= { ...value };
		copy[name] = next;
	}
	return copy ?? value;
}

function ownView(view: ArrayBufferView, transfer: ArrayBuffer[]): ArrayBufferView {
	const bytes = new Uint8Array(view.byteLength);
	bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
	transfer.push(bytes.buffer);
	// The kinds of lists of numbers in the ABI.
	if (view instanceof Float32Array) return new Float32Array(bytes.buffer);
	if (view instanceof Float64Array) return new Float64Array(bytes.buffer);
	if (view instanceof Int32Array) return new Int32Array(bytes.buffer);
	if (view instanceof Uint32Array) return new Uint32Array(bytes.buffer);
	if (view instanceof Int16Array) return new Int16Array(bytes.buffer);
	if (view instanceof Uint16Array) return new Uint16Array(bytes.buffer);
	if (view instanceof Int8Array) return new Int8Array(bytes.buffer);
	return bytes;
}
