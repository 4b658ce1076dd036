import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SharedBlocks } from "../../../src/cluster/blocks.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";

/** A room under test. */
export interface OpenBlocks extends AsyncDisposable {
	readonly blocks: SharedBlocks;
	/** Lets time pass, in milliseconds. */
	pass(ms: number): Promise<void>;
}

const A = "a".repeat(32);
const B = "b".repeat(32);

/** The behaviour of every room of blocks. */
export function blocksConformance(open: () => Promise<OpenBlocks>): void {
	test("a block is read as it was written, until its content is removed", async () => {
		await using at = await open();
		const { blocks } = at;
		const bytes = Uint8Array.of(0, 255, 13, 10, 0);
		for (let index = 0; index < 300; index += 1) await blocks.write(A, index, index === 299 ? bytes : Uint8Array.of(1), 60_000);
		await blocks.write(B, 0, Uint8Array.of(2), 60_000);
		bytes[0] = 9;
		assert.equal(await blocks.read(A, 299, 5), Buffer.of(0, 255, 13, 10, 0));
		assert.is(await blocks.read(A, 300, 5), undefined);
		await blocks.remove(A);
		await blocks.remove(A);
		assert.is(await blocks.read(A, 0, 5), undefined);
		assert.is(await blocks.read(A, 299, 5), undefined);
		assert.equal(await blocks.read(B, 0, 1), Buffer.of(2));
	});

	test("a block that is longer than asked for is refused", async () => {
		await using at = await open();
		await at.blocks.write(A, 0, new Uint8Array(6), 60_000);
		const reason = await at.blocks.read(A, 0, 5).catch((thrown: unknown) => (thrown instanceof StoreError ? thrown.reason : thrown));
		assert.is(reason, "invalid_value");
	});

	test("blocks end by themselves, and those that are kept do not", async () => {
		await using at = await open();
		const { blocks } = at;
		for (const index of [0, 1, 2]) await blocks.write(A, index, Uint8Array.of(index), 100);
		assert.is(await blocks.keep(A, 2, 60_000), true);
		assert.is(await blocks.keep(A, 2, 10), true);
		await at.pass(150);
		assert.is(await blocks.keep(A, 3, 60_000), false);
		assert.equal(await blocks.read(A, 1, 1), Buffer.of(1));
		assert.is(await blocks.read(A, 2, 1), undefined);
	});
}
