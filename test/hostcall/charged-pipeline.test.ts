import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { ARRIVED, type ArrivingIterator } from "../../src/async/arrived.ts";
import { chargedPipeline } from "../../src/hostcall/charged-pipeline.ts";
import type { Call, Pipeline } from "../../src/hostcall/scope.ts";
import type { HostMemory } from "../../src/memory/memory-kinds.ts";

const CALL: Call<"chat_completions"> = { operation: "chat_completions", payload: { messages: [], tools: [] }, options: undefined };

/** An account that counts the bytes of calls. */
class Account implements HostMemory {
	calls = 0;
	charge(_: string, bytes: number): void {
		this.calls += bytes;
	}
	count(): void {}
	release(_: string, bytes: number): void {
		this.calls -= bytes;
	}
	assertRoom(): void {}
	hasRoom(): boolean {
		return true;
	}
	deliver(): void {}
	taken(): void {}
}

/** Returns the stream of a call through the charged pipeline. */
async function streamOf(events: () => AsyncGenerator<cchat.Event, void, void>, account: Account): Promise<ArrivingIterator<cchat.Event>> {
	const refuse = (): never => {
		throw new Error("the test has streams only");
	};
	const pipeline: Pipeline = {
		voices: refuse,
		catalog: refuse,
		unary: refuse,
		connect: refuse,
		stream: refuse,
	};
	const open: unknown = async () => events;
	const charged = chargedPipeline(Object.assign(pipeline, { stream: open }), account);
	return (await charged.stream(CALL))(new AbortController().signal)[Symbol.asyncIterator]();
}

async function* two(): AsyncGenerator<cchat.Event, void, void> {
	yield { type: "text", text: "a" };
	yield { type: "text", text: "b" };
}

test("the payload of a stream is charged until its end", async () => {
	const account = new Account();
	const stream = await streamOf(two, account);
	await stream.next();
	assert.ok(account.calls > 0);
	await stream.next();
	assert.is((await stream.next()).done, true);
	assert.is(account.calls, 0);
});

test("the payload of a stream that is left before its first event is charged no longer", async () => {
	const account = new Account();
	const stream = await streamOf(two, account);
	await stream.return?.();
	assert.is(account.calls, 0);
});

test("events that have arrived pass without a wait", async () => {
	const source = Object.assign(two(), { [ARRIVED]: () => ({ done: false, value: { type: "text", text: "arrived" } }) });
	const stream = await streamOf(() => source, new Account());
	await stream.next();
	assert.equal(stream[ARRIVED]?.(), { done: false, value: { type: "text", text: "arrived" } });
});

test.run();
