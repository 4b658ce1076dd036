/** Readiness as guests hold it: through the handles of the component binding, which end without the thing they watch. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bindPoll } from "../../generated/abi/component/poll.ts";
import type { BindingContext, Readiness } from "../../generated/hostcall/runtime.ts";
import { GuestHandles } from "../../src/hostcall/guest-handles.ts";
import { guestStream } from "../../src/hostcall/guest-stream.ts";
import { createPoll } from "../../src/hostcall/poll.ts";
import { scriptedScope } from "../helpers/guest-scope.ts";

type Event = { readonly type: "item" | "completed" | "failed" };

/** The poll interface of one guest, its open handles, and what went wrong unseen by the guest. */
function setUp(maxHandles = 16) {
	const scope = scriptedScope([]);
	const resources = new GuestHandles(maxHandles);
	const faults: string[] = [];
	const context: BindingContext = {
		resources,
		toError: () => ({ code: "internal", message: "unexpected", retryable: false }),
		fault: (cause, site) => faults.push(`${site.function}: ${cause instanceof Error ? cause.message : cause}`),
	};
	const host = createPoll(scope);
	const { Pollable } = bindPoll(host, context);
	const subscribe = (readiness: Readiness) => new Pollable(readiness, context);
	return { scope, resources, faults, host, subscribe };
}

/** A stream whose events come when the test lets them. */
function openStream(scope: ReturnType<typeof setUp>["scope"]) {
	const { promise, resolve } = Promise.withResolvers<void>();
	const stream = guestStream<Event>(scope, {
		async *open() {
			await promise;
			yield { type: "item" };
			yield { type: "completed" };
		},
		failed: () => ({ type: "failed" }),
	});
	return { stream, arrive: resolve };
}

function timers(): number {
	return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

test("dropping a subscription leaves its stream, and another subscription to it, as they are", async () => {
	const { scope, resources, host, subscribe, faults } = setUp();
	const { stream, arrive } = openStream(scope);
	const [first, second] = [subscribe(stream.subscribe()), subscribe(stream.subscribe())];
	assert.is(resources.size, 2);
	first[Symbol.dispose]();
	assert.is(host.pollable.ready(second.$value), false);
	arrive();
	assert.equal(await host.poll([second.$value]), [0]);
	assert.equal(await stream.next(), { type: "item" });
	second[Symbol.dispose]();
	assert.is(resources.size, 0);
	assert.equal(await stream.next(), { type: "completed" });
	assert.equal(faults, []);
});

test("dropping the handle of a timer cancels the timer", () => {
	const { host, subscribe } = setUp();
	const before = timers();
	const handle = subscribe(host.subscribeDuration(60_000));
	assert.is(timers(), before + 1);
	handle[Symbol.dispose]();
	assert.is(timers(), before);
});

test("a timer beyond the limit on handles is cancelled at once, and one left behind when the instance ends", () => {
	const { host, subscribe, resources } = setUp(1);
	const before = timers();
	subscribe(host.subscribeDuration(60_000));
	assert.throws(() => subscribe(host.subscribeDuration(60_000)), /the guest holds 1 handles, .*max_handles/);
	assert.is(timers(), before + 1);
	assert.equal(resources.disposeAll(), []);
	assert.is(timers(), before);
});

test("an abort makes everything ready and ends every wait", async () => {
	const { scope, host } = setUp();
	const { stream } = openStream(scope);
	const readiness = stream.subscribe();
	assert.is(host.pollable.ready(readiness), false);
	const waits = [host.pollable.block(readiness), host.poll([readiness, readiness])];
	scope.abort.abort();
	assert.equal(await Promise.all(waits), [undefined, [0, 1]]);
	assert.is(host.pollable.ready(readiness), true);
});

test.run();
