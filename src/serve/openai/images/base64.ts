/** Yields base64 of bytes that arrive in chunks. The chunks may change after the next one was asked for. */
export async function* base64Of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const chunk of chunks) {
		const bytes = rest.byteLength === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk]);
		const whole = bytes.byteLength - (bytes.byteLength % 3);
		if (whole > 0) yield bytes.toString("base64", 0, whole);
		rest = Buffer.from(bytes.subarray(whole));
	}
	if (rest.byteLength > 0) yield rest.toString("base64");
}
