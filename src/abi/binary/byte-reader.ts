import { SpearError } from "../../errors/spear-error.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Longest name, in bytes. Names of interfaces and functions have some ten, mangled names of C++ some hundred. */
export const MAX_NAME_BYTES = 4096;

/** Returns the error of every reader of guest bytes: `invalid_request`, because the bytes are no guest that this host can load. */
export function malformed(what: string, cause?: unknown): SpearError {
	return new SpearError("invalid_request", `the guest cannot be loaded: ${what}`, cause === undefined ? {} : { cause });
}

/** Reads WebAssembly's binary primitives from a window of bytes. Guest bytes are hostile: every read checks its bounds. */
export class ByteReader {
	readonly bytes: Uint8Array;
	position: number;
	readonly end: number;

	constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
		this.bytes = bytes;
		this.position = position;
		this.end = end;
	}

	get done(): boolean {
		return this.position >= this.end;
	}

	u8(): number {
		const byte = this.position < this.end ? this.bytes[this.position] : undefined;
		if (byte === undefined) throw malformed(`it ends too early, at byte ${this.position}`);
		this.position += 1;
		return byte;
	}

	/** Reads an unsigned LEB128 number of at most 32 bits. */
	u32(): number {
		let byte = this.u8();
		if (byte < 0x80) return byte;
		// Whole numbers of 31 bits: a power or a product would be an object for each byte, until the code is optimized.
		let value = byte & 0x7f;
		for (let shift = 7; shift < 28; shift += 7) {
			byte = this.u8();
			value |= (byte & 0x7f) << shift;
			if (byte < 0x80) return value;
		}
		byte = this.u8();
		if (byte > 0x0f) throw malformed(`a number before byte ${this.position} is longer than 32 bits`);
		return value + byte * 2 ** 28;
	}

	/** Skips a LEB128 number of either sign. */
	skipLeb(): void {
		for (let length = 0; length < 10; length += 1) if ((this.u8() & 0x80) === 0) return;
		throw malformed(`a number before byte ${this.position} is too long`);
	}

	/** Skips the next `length` bytes. */
	skip(length: number): void {
		if (length > this.end - this.position) throw malformed(`a section at byte ${this.position} reaches past the end`);
		this.position += length;
	}

	/** Returns a window over the next `length` bytes and skips them. */
	window(length: number): ByteReader {
		const start = this.position;
		this.skip(length);
		return new ByteReader(this.bytes, start, start + length);
	}

	/** Returns the unread bytes of this window, without a copy. */
	rest(): Uint8Array {
		return this.bytes.subarray(this.position, this.end);
	}

	/**
	 * Reads a name that may appear in generated JavaScript. Core names may hold any text, and the transpiler writes them between quotes
	 * without escaping. Otherwise a quote, a backslash or a line break would inject code into the host.
	 */
	name(): string {
		const window = this.window(this.u32());
		return requirePlainName(decode(window.rest(), window.position));
	}

	/** Reads a name of any text. The length of a name is bounded, because messages and plans repeat names. */
	text(): string {
		const length = this.u32();
		if (length > MAX_NAME_BYTES) throw malformed(`a name at byte ${this.position} is longer than ${MAX_NAME_BYTES} bytes`);
		const { bytes, position: start } = this;
		this.skip(length);
		// Half the time of a decoder. Invalid bytes become U+FFFD, which names hardly ever hold.
		const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const text = buffer.toString("utf8", start, this.position);
		return text.includes("\ufffd") ? decode(bytes.subarray(start, this.position), start) : text;
	}

	/** Reads a count and calls `read` as often. */
	vector(read: (index: number) => void): void {
		const count = this.u32();
		for (let index = 0; index < count; index += 1) read(index);
	}
}

/** Returns a name that is no code between quotes in generated JavaScript, and refuses any other. */
export function requirePlainName(text: string): string {
	if (!/^[\x20-\x7e]*$/.test(text) || /['"`\\]/.test(text))
		throw malformed(`the name ${JSON.stringify(text.slice(0, 80))} holds characters this host does not accept in names`);
	return text;
}

function decode(bytes: Uint8Array, at: number): string {
	try {
		return utf8.decode(bytes);
	} catch (cause) {
		throw malformed(`a name at byte ${at} is not UTF-8`, cause);
	}
}
