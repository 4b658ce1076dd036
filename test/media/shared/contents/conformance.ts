import { randomBytes } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ContentStore, type ContentWriter, MissingContent } from "../../../../src/media/shared/contents/content-store.ts";

/** Contents under test. */
export interface OpenContents extends AsyncDisposable {
	/** The same place, as two hosts see it. */
	readonly hosts: readonly [ContentStore, ContentStore];
	/** Returns the number of contents at the place, also of those that are being written. */
	count(): Promise<number>;
	/** Makes the content at the place shorter. */
	shorten(id: string): Promise<void>;
}

const A = "a".repeat(32);
const B = "b".repeat(32);

/** The behaviour of every place of contents. */
export function contentsConformance(open: () => Promise<OpenContents>): void {
	for (const size of [0, 1, 256 * 1024, 256 * 1024 + 1, 1_500_000]) {
		test(`a content of ${size} bytes is read on another host as it was written`, async () => {
			await using at = await open();
			const [one, two] = at.hosts;
			const bytes = randomBytes(size);
			await write(one.write(A), bytes, 100_000);
			const reader = two.read(A, size);
			for (const chunk of [60_001, 1_048_576]) {
				const parts: Uint8Array[] = [];
				for (let position = 0; position < size; ) {
					const part = Uint8Array.from(await reader.fill(new Uint8Array(Math.min(chunk, size - position)), position));
					assert.ok(part.byteLength > 0);
					parts.push(part);
					position += part.byteLength;
				}
				assert.ok(Buffer.concat(parts).equals(bytes));
			}
			const start = Math.floor(size / 2);
			if (size > 0) assert.is((await reader.fill(new Uint8Array(1), start))[0], bytes[start]);
			await reader.close();
		});
	}

	test("a content is not there once it is removed, and its neighbour is", async () => {
		await using at = await open();
		const [one, two] = at.hosts;
		await write(one.write(A), randomBytes(700_000), 100_000);
		await write(one.write(B), Buffer.from("b"), 100_000);
		await two.keep(A, 700_000, 1_000);
		await two.remove(A, true);
		await two.remove(A, true);
		assert.instance(await failureOf(one.read(A, 700_000).fill(new Uint8Array(10), 0)), MissingContent);
		const neighbour = one.read(B, 1);
		assert.equal(Buffer.from(await neighbour.fill(new Uint8Array(1), 0)), Buffer.from("b"));
		await neighbour.close();
		assert.is(await at.count(), 1);
	});

	test("what a dead writer has written is removed by another host", async () => {
		await using at = await open();
		const [one, two] = at.hosts;
		const writer = one.write(A);
		await writer.write(randomBytes(1_000_000));
		await writer.keep();
		assert.is(await at.count(), 1);
		await two.remove(A, false);
		assert.is(await at.count(), 0);
		await writer.discard();
	});

	test("a content that is shorter than its record says is refused", async () => {
		await using at = await open();
		const [one] = at.hosts;
		await write(one.write(A), randomBytes(1_000), 1_000);
		await at.shorten(A);
		const reader = one.read(A, 1_000);
		const failure = await failureOf(
			(async () => {
				for (let position = 0; position < 1_000; ) position += (await reader.fill(new Uint8Array(1_000 - position), position)).byteLength;
			})(),
		);
		assert.instance(failure, MissingContent);
		await reader.close();
	});
}

async function write(writer: ContentWriter, bytes: Uint8Array, chunk: number): Promise<void> {
	for (let start = 0; start < bytes.byteLength; start += chunk) {
		const part = Uint8Array.from(bytes.subarray(start, start + chunk));
		await writer.write(part);
		part.fill(0); // The bytes may change after a write.
	}
	await writer.finish(60_000);
}

export async function failureOf(call: Promise<unknown>): Promise<unknown> {
	try {
		await call;
	} catch (thrown) {
		return thrown;
	}
	return "no failure";
}
