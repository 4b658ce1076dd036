/** The commit point of a stream: until its first event another backend may be asked, from then on its failure is the guest's. */
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

/** An instance whose streams are these events and nothing more. */
function ending(...events: readonly cchat.Event[]): Instance {
	return fakeInstance("a", {
		async *stream() {
			yield* events;
		},
	});
}

test("once a stream has delivered something its failure is the guest's", async () => {
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
	assert.is(context.decisions[0]?.fallenBackFrom, undefined);
});

test("a stream that ends before its first event, without saying so, gives way to another", async () => {
	assert.equal(await collect(routerOf([ending(), fakeInstance("b")]).stream(chatEnvelope(), watched())), [
		{ type: "completed", completed: chatResponse("done") },
	]);
});

test("a stream that ends after its first event, without saying so, has failed", async () => {
	const error = await rejects(collect(routerOf([ending(TEXT), fakeInstance("b")]).stream(chatEnvelope(), watched())));
	assert.equal([error.code, error.retryable], ["backend_error", true]);
	assert.is(error.message, "the backend ended the stream without completing the answer");
});

test("a stream that falls silent ends with timeout, however long it took to begin", async () => {
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
	assert.equal([error.code, error.message], ["timeout", "the backend sent no further output within 30 ms (idle_timeout_ms of the route)"]);
	assert.equal([inFlight(silent), silent.stats.breaker.failures], [[0], 1]);
});

test("a guest that takes its time with an event does not make the backend late", async () => {
	const clock = new FakeClock();
	const stream = routerOf([ending(TEXT, TEXT, { type: "completed", completed: chatResponse("a") })], {
		clock,
		chat: { idleTimeoutMs: 30 },
	}).stream(chatEnvelope(), watched());
	await stream.next();
	await clock.advance(1_000);
	assert.equal((await stream.next()).value, TEXT);
});

test("the source of a stream that is given up is returned, and a source that ignores this holds nobody back", async () => {
	let returned = 0;
	const deaf = fakeInstance("a", {
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
	const stream = routerOf([deaf]).stream(chatEnvelope(), watched());
	await stream.next();
	await stream.return(undefined);
	assert.equal([returned, inFlight(deaf)], [1, [0]]);
});

test.run();
