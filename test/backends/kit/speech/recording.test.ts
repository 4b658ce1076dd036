import { test } from "uvu";
import * as assert from "uvu/assert";
import type { StoredMedia } from "../../../../generated/backends/backend.ts";
import { Recording } from "../../../../src/backends/kit/speech/recording.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { failure } from "../../../transport/http/fixture.ts";

const STORED: StoredMedia = { reference: { type: "stored", stored: "sms+file://r" }, size: 3, mimeType: "audio/wav", sha256: "" };

function bytes(...values: number[]): Uint8Array[] {
	return values.map((value) => Uint8Array.of(value));
}

async function* source(values: Iterable<Uint8Array>, journal: string[] = []): AsyncGenerator<Uint8Array> {
	try {
		for (const value of values) {
			journal.push(`made ${value[0]}`);
			yield value;
		}
	} finally {
		journal.push("closed");
	}
}

/** A store that records its events, and the error of a recording's source. */
function store(journal: string[]): (content: AsyncIterable<Uint8Array>) => Promise<StoredMedia> {
	return async (content) => {
		try {
			for await (const piece of content) journal.push(`stored ${piece[0]}`);
		} catch (thrown) {
			journal.push(`discarded: ${thrown instanceof Error ? thrown.message : thrown}`);
			throw thrown;
		}
		journal.push("complete");
		return STORED;
	};
}

test("a recording passes on and stores every byte", async () => {
	const journal: string[] = [];
	const recording = new Recording(source(bytes(1, 2, 3)), store(journal));
	assert.throws(() => recording.stored, "not complete");
	const passed: number[] = [];
	for await (const piece of recording) passed.push(...piece);
	assert.equal(passed, [1, 2, 3]);
	assert.equal(journal, ["stored 1", "stored 2", "stored 3", "complete"]);
	assert.is(recording.stored, STORED);
});

test("a recording reads no further than its reader", async () => {
	const journal: string[] = [];
	const pieces = new Recording(source(bytes(1, 2, 3), journal), store([]))[Symbol.asyncIterator]();
	await pieces.next();
	await new Promise(setImmediate);
	assert.equal(journal, ["made 1"]);
	await pieces.return();
	assert.equal(journal, ["made 1", "closed"]);
});

test("a recording reads no further than its store", async () => {
	const journal: string[] = [];
	const gate = Promise.withResolvers<void>();
	const slow = async (content: AsyncIterable<Uint8Array>): Promise<StoredMedia> => {
		for await (const _ of content) await gate.promise;
		return STORED;
	};
	const all = (async () => {
		for await (const _ of new Recording(source(bytes(1, 2, 3), journal), slow)) journal.push("passed");
	})();
	await new Promise(setImmediate);
	assert.equal(journal, ["made 1", "passed", "made 2"]);
	gate.resolve();
	await all;
});

test("a source that fails is reported to the store before the reader", async () => {
	const journal: string[] = [];
	const broken = new SpearError("backend_error", "broke off");
	async function* breaking(): AsyncGenerator<Uint8Array> {
		yield Uint8Array.of(1);
		throw broken;
	}
	const recording = new Recording(breaking(), store(journal));
	const error = await failure(
		(async () => {
			for await (const _ of recording);
		})(),
	);
	assert.is(error, broken);
	assert.equal(journal, ["stored 1", "discarded: broke off"]);
});

test("leaving a recording early discards the stored bytes and closes the source", async () => {
	const journal: string[] = [];
	for await (const _ of new Recording(source(bytes(1, 2)), store(journal))) break;
	assert.equal(journal, ["stored 1", "discarded: the recording was cancelled before it was complete"]);
});

test("a store that fails ends the recording with its error and closes the source", async () => {
	const full = new SpearError("not_permitted", "full");
	for (const room of [0, 1, 3]) {
		const journal: string[] = [];
		const refusing = async (content: AsyncIterable<Uint8Array>): Promise<StoredMedia> => {
			let taken = 0;
			if (room > 0) for await (const _ of content) if (++taken === room) break;
			throw full;
		};
		const recording = new Recording(source(bytes(1, 2, 3), journal), refusing);
		const error = await failure(
			(async () => {
				for await (const _ of recording);
			})(),
		);
		assert.is(error, full);
		assert.is(journal.at(-1), "closed");
		assert.throws(() => recording.stored, "not complete");
	}
});

test.run();
