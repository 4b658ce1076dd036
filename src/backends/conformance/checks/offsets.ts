/**
 * Yields offsets within a body: the first byte, and evenly spaced ones.
 *
 * @param max Largest number of offsets. A body that is not longer yields each byte.
 */
export function* offsetsOf(body: Uint8Array, max: number): Generator<number, void, void> {
	const step = Math.ceil(body.byteLength / max);
	for (let offset = 0; offset < body.byteLength; offset += step) yield offset;
}

/**
 * Yields the ends of chunks of this size, once for each size of the first chunk. Together the lists split a body at each of its bytes, in a
 * few passes instead of one for each byte.
 */
export function* chunkings(body: Uint8Array, size: number): Generator<readonly number[], void, void> {
	for (let first = 1; first <= Math.min(size, body.byteLength); first++) {
		yield Array.from({ length: Math.ceil((body.byteLength - first) / size) }, (_, index) => first + index * size);
	}
}
