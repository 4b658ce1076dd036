/** Streams: fallback before the first event, failures and timeouts after it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { collect, inFlight, outcomes, rejects, TEXT, untilAborted, watched } from "../calls.ts";

/** An instance whose streams end after these events. */
function ending(...events: readonly cchat.Event[]): Instance {
	return fakeInstance("a", {
		async *stream() {
			yield* events;
		},
	});
}

test("a stream does not fall back after its first event", async () => {
	const broken = fakeInstance("a", {
		async *stream() {
			yield TEXT;
			throw new SpearError("backend_error", "cut off", { retryable: true });
		},
	});
	const context = watched();
	const seen: cchat.Event[] = [];
	const error = await rejects(collect(routerOf([broken, fakeInstance("b")]).stream(chatEnvelope(), context), seen));
	assert.equal(seen, [TEXT]);
	assert.is(error.message, "cut off");
	assert.equal(outcomes(error.explanation?.attempts), [["a", "backend_error"]]);
	assert.is(context.decisions[0]?.outcomes.length, 1);
});

test("a stream falls back when it ends before its first event", async () => {
	assert.equal(await collect(routerOf([ending(), fakeInstance("b")]).stream(chatEnvelope(), watched())), [
		{ type: "completed", completed: chatResponse("done") },
	]);
});

test("a stream fails when it ends without completed", async () => {
	const error = await rejects(collect(routerOf([ending(TEXT), fakeInstance("b")]).stream(chatEnvelope(), watched())));
	assert.equal({ code: error.code, retryable: error.retryable }, { code: "backend_error", retryable: true });
	assert.is(error.message, "the backend ended the stream without completing the answer");
});

test("a stream ends with timeout when no event follows in time", async () => {
	const clock = new FakeClock();
	const silent = fakeInstance("a", {
		async *stream(context) {
			yield TEXT;
			await untilAborted(context);
		},
	});
	const stream = routerOf([silent], { clock, chat: { idleTimeoutMs: 30 } }).stream(chatEnvelope(), watched());
	await stream.next();
	const end = rejects(stream.next());
	await clock.advance(30);
	const error = await end;
	assert.equal(
		{ code: error.code, message: error.message },
		{ code: "timeout", message: "the backend sent no further output within 30 ms (idle_timeout_ms of the route)" },
	);
	assert.equal(
		{ inFlight: inFlight(silent), failures: silent.stats.health("chat_completions").breaker.failures },
		{ inFlight: [0], failures: 1 },
	);
});

test("a stream does not time out while the guest handles an event", async () => {
	const clock = new FakeClock();
	const stream = routerOf([ending(TEXT, TEXT, { type: "completed", completed: chatResponse("a") })], {
		clock,
		chat: { idleTimeoutMs: 30 },
	}).stream(chatEnvelope(), watched());
	await stream.next();
	await clock.advance(1_000);
	assert.equal((await stream.next()).value, TEXT);
});

test("a stream that is cancelled returns its source without waiting for it", async () => {
	let returned = 0;
	const unresponsive = fakeInstance("a", {
		stream: () => ({
			[Symbol.asyncIterator]: () => ({
				next: async () => ({ done: false, value: TEXT }),
				return: () => {
					returned += 1;
					return new Promise(() => {});
				},
			}),
		}),
	});
	const stream = routerOf([unresponsive]).stream(chatEnvelope(), watched());
	await stream.next();
	await stream.return(undefined);
	assert.equal({ returned, inFlight: inFlight(unresponsive) }, { returned: 1, inFlight: [0] });
});

test.run();
