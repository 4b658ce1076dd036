import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeUtf8, Utf8Stream } from "../../src/formats/utf8.ts";

/** Returns the text of chunks, or `undefined` if they are refused. */
function streamed(decode: (chunk: Uint8Array) => string, end: () => string, chunks: readonly Uint8Array[]): string | undefined {
	try {
		return chunks.map(decode).join("") + end();
	} catch {
		return undefined;
	}
}

/** Bytes around the borders between ASCII, characters of several bytes, byte order marks and bytes that no text has. */
const bytes = fc
	.array(fc.oneof(fc.constantFrom("a", "é", "€", "😀", "\ufeff", "\n"), fc.constantFrom(0x80, 0xc3, 0xe2, 0xff)), { maxLength: 12 })
	.map((parts) => Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]))));

/** Cuts bytes at some of their places. */
const chunks = fc.tuple(bytes, fc.array(fc.nat(48), { maxLength: 6 })).map(([all, places]) => {
	const cuts = [0, ...places.filter((place) => place <= all.length).sort((a, b) => a - b), all.length];
	return cuts.slice(1).map((end, index) => all.subarray(cuts[index], end));
});

test("text in chunks is decoded as a TextDecoder decodes it, wherever it is cut", () => {
	fc.assert(
		fc.property(chunks, (given) => {
			const decoder = new TextDecoder("utf-8", { fatal: true });
			const own = new Utf8Stream();
			assert.is(
				streamed(
					(chunk) => own.push(chunk),
					() => own.end(),
					given,
				),
				streamed(
					(chunk) => decoder.decode(chunk, { stream: true }),
					() => decoder.decode(),
					given,
				),
			);
		}),
		{ numRuns: 5000 },
	);
});

test("a whole text is decoded as a TextDecoder decodes it", () => {
	const decode = (bytes: Uint8Array, decoder: (bytes: Uint8Array) => string): string | undefined => {
		try {
			return decoder(bytes);
		} catch {
			return undefined;
		}
	};
	fc.assert(
		fc.property(bytes, (given) => {
			const decoder = new TextDecoder("utf-8", { fatal: true });
			assert.is(
				decode(given, decodeUtf8),
				decode(given, (whole) => decoder.decode(whole)),
			);
		}),
		{ numRuns: 2000 },
	);
});

test.run();
