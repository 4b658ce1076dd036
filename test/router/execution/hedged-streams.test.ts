/** Hedges of streams: concurrent until the first event. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendContext } from "../../../generated/backends/backend.ts";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { collect, inFlight, rejects, takes, watched } from "../calls.ts";

/** A stream with these waits before its events, in milliseconds, and a log of its life. */
class Source {
	readonly log: string[] = [];
	readonly instance: Instance;

	constructor(name: string, clock: FakeClock, ...waits: readonly number[]) {
		const log = this.log;
		this.instance = fakeInstance(name, {
			async *stream(context: BackendContext): AsyncGenerator<cchat.Event> {
				log.push(`opened at ${clock.now()}`);
				context.signal.addEventListener("abort", () => log.push(`aborted at ${clock.now()}`));
				try {
					for (const ms of waits) {
						await takes(clock, ms, () => {})(context);
						yield { type: "text", text: name };
					}
					yield { type: "completed", completed: chatResponse(name) };
				} finally {
					log.push(`closed at ${clock.now()}`);
				}
			},
		});
	}
}

function hedging(clock: FakeClock, ...sources: readonly { readonly instance: Instance }[]) {
	return routerOf(
		sources.map(({ instance }) => instance),
		{ clock, chat: { policy: "priority", hedge: { attempts: 2, after: { delayMs: 50 }, ratio: 1 } } },
	);
}

test("a stream is not hedged after its first event", async () => {
	const clock = new FakeClock();
	const [first, second] = [new Source("a", clock, 40, 500), new Source("b", clock, 10)];
	const events = collect(hedging(clock, first, second).stream(chatEnvelope(), watched()));
	await clock.advance(540);
	assert.is((await events).length, 3);
	assert.equal(second.log, []);
});

test("the stream with the first event is chosen, and the other is aborted and closed", async () => {
	const clock = new FakeClock();
	const [first, second] = [new Source("a", clock, 500), new Source("b", clock, 20, 100)];
	const context = watched();
	const events = collect(hedging(clock, first, second).stream(chatEnvelope(), context));
	await clock.advance(70);
	assert.equal(first.log, ["opened at 0", "aborted at 70", "closed at 70"]);
	assert.equal(inFlight(first.instance, second.instance), [0, 1]);
	await clock.advance(100);
	assert.equal(
		(await events).map((event) => (event.type === "text" ? event.text : event.type)),
		["b", "b", "completed"],
	);
	assert.equal({ inFlight: inFlight(first.instance, second.instance), timers: clock.pending }, { inFlight: [0, 0], timers: 0 });
	assert.is(context.decisions[0]?.chosen, "b");
});

test("an overtaken stream is returned when its first event arrives later", async () => {
	const clock = new FakeClock();
	let returned = 0;
	const unresponsive = fakeInstance("a", {
		stream: () => ({
			[Symbol.asyncIterator]: () => ({
				next: () => new Promise((resolve) => void clock.after(100, () => resolve({ done: false, value: { type: "text", text: "a" } }))),
				return: async () => {
					returned += 1;
					return { done: true, value: undefined };
				},
			}),
		}),
	});
	const second = new Source("b", clock, 20);
	const events = collect(hedging(clock, { instance: unresponsive }, second).stream(chatEnvelope(), watched()));
	await clock.advance(70);
	assert.is((await events).length, 2);
	assert.equal({ returned, inFlight: inFlight(unresponsive) }, { returned: 0, inFlight: [0] });
	await clock.advance(30);
	assert.is(returned, 1);
});

test("a stream's failure reaches the caller when its hedge was aborted", async () => {
	const clock = new FakeClock();
	const broken = fakeInstance("a", {
		async *stream(context) {
			await takes(clock, 60, () => {})(context);
			yield { type: "text", text: "a" };
			throw new SpearError("backend_error", "cut off");
		},
	});
	const second = new Source("b", clock, 100);
	const end = rejects(collect(hedging(clock, { instance: broken }, second).stream(chatEnvelope(), watched())));
	await clock.advance(60);
	assert.is((await end).message, "cut off");
	assert.equal(second.log, ["opened at 50", "aborted at 60", "closed at 60"]);
});

test("an abort before any event ends both streams", async () => {
	const clock = new FakeClock();
	const abort = new AbortController();
	const [first, second] = [new Source("a", clock, 500), new Source("b", clock, 500)];
	const end = rejects(collect(hedging(clock, first, second).stream(chatEnvelope(), watched({ signal: abort.signal }))));
	await clock.advance(60);
	abort.abort(new SpearError("cancelled", "enough"));
	await end;
	await clock.advance(0);
	const ends = { first: first.log.at(-1), second: second.log.at(-1) };
	assert.equal(ends, { first: "closed at 60", second: "closed at 60" });
	assert.equal(inFlight(first.instance, second.instance), [0, 0]);
});

test.run();
