import { test } from "uvu";
import * as assert from "uvu/assert";
import { compact } from "../../src/worker/compact.ts";

test("a view on a shared pool crosses with its own bytes alone", () => {
	const pool = new ArrayBuffer(64);
	new Uint8Array(pool).fill(0x4b);
	const { value, transfer } = compact({ audio: { data: new Uint8Array(pool, 8, 4) } });
	assert.is(value.audio.data.buffer.byteLength, 4);
	assert.equal([...value.audio.data], [0x4b, 0x4b, 0x4b, 0x4b]);
	assert.is(transfer[0], value.audio.data.buffer);
	assert.is(pool.byteLength, 64);
});

test("the sender keeps its bytes when the copy moves", () => {
	const vector = Float32Array.of(1, 2, 3);
	const { value, transfer } = compact({ vectors: [vector] });
	structuredClone(value, { transfer });
	assert.equal([...vector], [1, 2, 3]);
});

test("each kind of typed array keeps its kind and its numbers", () => {
	for (const array of [
		Float32Array.of(0.5),
		Float64Array.of(0.1),
		Int32Array.of(-1),
		Uint32Array.of(1),
		Int16Array.of(-2),
		Uint16Array.of(2),
		Int8Array.of(-3),
	]) {
		const { value } = compact([array]);
		assert.equal(value[0], array);
		assert.is.not(value[0], array);
	}
});

test("a value without typed arrays stays the same object", () => {
	const value = { text: "a", list: [{ deep: true }], none: undefined };
	assert.is(compact(value).value, value);
	assert.equal(compact(value).transfer, []);
});

test.run();
