import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SharedPieces } from "../../../src/cluster/pieces.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";

/** A room under test. */
export interface OpenPieces extends AsyncDisposable {
	readonly pieces: SharedPieces;
	/** Lets time pass, in milliseconds. */
	pass(ms: number): Promise<void>;
}

const A = "a".repeat(32);
const B = "b".repeat(32);

/** The behaviour of every room of pieces. */
export function piecesConformance(open: () => Promise<OpenPieces>): void {
	test("a piece is read as it was written, until its content is removed", async () => {
		await using at = await open();
		const { pieces } = at;
		const bytes = Uint8Array.of(0, 255, 13, 10, 0);
		for (let index = 0; index < 300; index += 1) await pieces.write(A, index, index === 299 ? bytes : Uint8Array.of(1), 60_000);
		await pieces.write(B, 0, Uint8Array.of(2), 60_000);
		bytes[0] = 9;
		assert.equal(await pieces.read(A, 299, 5), Buffer.of(0, 255, 13, 10, 0));
		assert.is(await pieces.read(A, 300, 5), undefined);
		await pieces.remove(A);
		await pieces.remove(A);
		assert.is(await pieces.read(A, 0, 5), undefined);
		assert.is(await pieces.read(A, 299, 5), undefined);
		assert.equal(await pieces.read(B, 0, 1), Buffer.of(2));
	});

	test("a piece that is longer than asked for is refused", async () => {
		await using at = await open();
		await at.pieces.write(A, 0, new Uint8Array(6), 60_000);
		const reason = await at.pieces.read(A, 0, 5).catch((thrown: unknown) => (thrown instanceof StoreError ? thrown.reason : thrown));
		assert.is(reason, "invalid_value");
	});

	test("pieces end by themselves, and those that are kept do not", async () => {
		await using at = await open();
		const { pieces } = at;
		for (const index of [0, 1, 2]) await pieces.write(A, index, Uint8Array.of(index), 100);
		assert.is(await pieces.keep(A, 2, 60_000), true);
		assert.is(await pieces.keep(A, 2, 10), true);
		await at.pass(150);
		assert.is(await pieces.keep(A, 3, 60_000), false);
		assert.equal(await pieces.read(A, 1, 1), Buffer.of(1));
		assert.is(await pieces.read(A, 2, 1), undefined);
	});
}
