/** Longest range that a loop copies faster than a view does, in bytes. */
const SHORT = 96;

/** Most bytes of a number of 32 bits in LEB128. */
const LENGTH_BYTES = 5;

/** A buffer of bytes that grows as it is written. */
export class ByteWriter {
	#bytes: Uint8Array;
	#length = 0;

	/** @param capacity Expected length, in bytes. A longer result costs copies. */
	constructor(capacity = 64) {
		this.#bytes = new Uint8Array(Math.max(capacity, 16));
	}

	get length(): number {
		return this.#length;
	}

	u8(byte: number): void {
		if (this.#length === this.#bytes.length) this.#grow(1);
		this.#bytes[this.#length] = byte;
		this.#length += 1;
	}

	/** Writes an unsigned number of at most 32 bits in LEB128. */
	u32(value: number): void {
		let rest = value;
		while (rest > 0x7f) {
			this.u8((rest % 128) | 0x80);
			rest = Math.floor(rest / 128);
		}
		this.u8(rest);
	}

	raw(bytes: ArrayLike<number>): void {
		const end = this.#length + bytes.length;
		if (end > this.#bytes.length) this.#grow(bytes.length);
		this.#bytes.set(bytes, this.#length);
		this.#length = end;
	}

	/** Writes the bytes between two positions. */
	copy(source: Uint8Array, from: number, end: number): void {
		const length = end - from;
		const start = this.#length;
		if (start + length > this.#bytes.length) this.#grow(length);
		const bytes = this.#bytes;
		if (length > SHORT) bytes.set(source.subarray(from, end), start);
		else for (let each = 0; each < length; each++) bytes[start + each] = source[from + each] ?? 0;
		this.#length = start + length;
	}

	/** Writes the length of the bytes, and the bytes. */
	sized(bytes: Uint8Array): void {
		this.u32(bytes.length);
		this.raw(bytes);
	}

	/** Leaves room for the length of what is written next. Returns the position of the content, for {@link end}. */
	begin(): number {
		for (let each = 0; each < LENGTH_BYTES; each++) this.u8(0);
		return this.#length;
	}

	/** Writes the length of what was written since {@link begin}. The number has five bytes, so that nothing is moved. Returns the length. */
	end(start: number): number {
		const length = this.#length - start;
		const at = start - LENGTH_BYTES;
		for (let each = 0; each < LENGTH_BYTES; each++)
			this.#bytes[at + each] = ((length >>> (7 * each)) & 0x7f) | (each < LENGTH_BYTES - 1 ? 0x80 : 0);
		return length;
	}

	/** Removes written bytes. Takes time for those behind them. */
	remove(start: number, length: number): void {
		this.#bytes.copyWithin(start, start + length, this.#length);
		this.#length -= length;
	}

	/** Empties the buffer. Views from {@link view} become invalid. */
	clear(): void {
		this.#length = 0;
	}

	/** Returns the written bytes without a copy. The view is valid until the next write. */
	view(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}

	#grow(by: number): void {
		const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + by));
		larger.set(this.view());
		this.#bytes = larger;
	}
}
