/**
 * Returns a vector from either form: numbers, or 32-bit floats in base64, least significant byte first.
 *
 * @param wrong Makes the error for a value that is no vector. `what` is a predicate.
 */
export function vectorOf(value: unknown, wrong: (what: string) => Error): Float32Array {
	const vector = typeof value === "string" ? fromBase64(value) : Array.isArray(value) ? fromNumbers(value) : undefined;
	if (vector === undefined) throw wrong("is neither a list of numbers nor 32-bit floats in base64");
	if (vector.length === 0) throw wrong("is empty");
	if (!isWhollyFinite(vector)) throw wrong("holds a value that is not a number");
	return vector;
}

function fromNumbers(values: readonly unknown[]): Float32Array | undefined {
	const vector = new Float32Array(values.length);
	// Without an iterator, which would cost more than the number.
	for (let place = 0; place < values.length; place++) {
		const value = values[place];
		if (typeof value !== "number") return undefined;
		vector[place] = value;
	}
	return vector;
}

function isWhollyFinite(vector: Float32Array): boolean {
	for (let place = 0; place < vector.length; place++) if (!Number.isFinite(vector[place])) return false;
	return true;
}

function fromBase64(text: string): Float32Array | undefined {
	if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
	const bytes = Buffer.from(text, "base64");
	if (bytes.length % 4 !== 0) return undefined;
	return Float32Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readFloatLE(4 * place));
}

/**
 * Returns the length that all vectors have.
 *
 * @param wrong Makes the error for vectors of different lengths, and for none.
 */
export function commonLength(vectors: readonly Float32Array[], wrong: (what: string) => Error): number {
	const lengths = new Set(vectors.map((vector) => vector.length));
	const [length] = lengths;
	if (length === undefined || lengths.size > 1) throw wrong(`the vectors have different lengths: ${[...lengths].join(", ")}`);
	return length;
}
