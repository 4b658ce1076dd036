/** Deadlines and aborts with a limit store that answers late or never. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Charge, LimitStore, Refusal, Reservation } from "../../../src/router/limits/limit-store.ts";
import { MemoryLimitStore } from "../../../src/router/limits/memory-limit-store.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { rejects, watched } from "../calls.ts";

/** A store that answers after a time, or never. */
class SlowStore implements LimitStore {
	readonly inner: MemoryLimitStore;
	readonly #clock: FakeClock;
	readonly #ms: number | undefined;

	constructor(clock: FakeClock, ms?: number) {
		this.inner = new MemoryLimitStore(clock);
		this.#clock = clock;
		this.#ms = ms;
	}

	reserve(charges: readonly Charge[]): Promise<Reservation | Refusal> {
		const { promise, resolve } = Promise.withResolvers<Reservation | Refusal>();
		if (this.#ms !== undefined) this.#clock.after(this.#ms, () => resolve(this.inner.reserve(charges)));
		return promise;
	}
}

/** A router with one limited instance and this store, and the number of attempts at the instance. */
function limited(store: (clock: FakeClock) => SlowStore, guest = false) {
	const clock = new FakeClock();
	const asked = { times: 0 };
	const instance = fakeInstance("a", {
		unary: async () => {
			asked.times += 1;
			return chatResponse("a", { usage: { total_tokens: 100 } });
		},
		...(guest ? {} : { rates: { tokensPerMinute: { amount: 1_000, ofOperation: false } } }),
	});
	const used = store(clock);
	const guests = guest ? { "*": { requestsPerMinute: 10, routes: new Map() } } : {};
	return { clock, asked, instance, store: used, router: routerOf([instance], { clock, store: used, guests }) };
}

test("a request is served and settled when a slow store answers", async () => {
	const { clock, store, router } = limited((own) => new SlowStore(own, 20));
	const call = router.unary(chatEnvelope({ size: { input_tokens: 500, output_tokens: 400 } }), watched());
	await clock.advance(20);
	assert.is((await call).backend.latency_ms, 20);
	assert.is(store.inner.level("key:a/1:tokens"), 900);
});

test("a request makes no attempt and returns its reservation when it is aborted before a slow store answers", async () => {
	const { clock, asked, instance, store, router } = limited((own) => new SlowStore(own, 20));
	const abort = new AbortController();
	const call = rejects(router.unary(chatEnvelope({ size: { input_tokens: 500, output_tokens: 400 } }), watched({ signal: abort.signal })));
	await clock.advance(10);
	abort.abort(new SpearError("cancelled", "enough"));
	await clock.advance(10);
	assert.is((await call).message, "enough");
	assert.equal(
		{ asked: asked.times, inFlight: instance.stats.inFlight, tokens: store.inner.level("key:a/1:tokens") },
		{ asked: 0, inFlight: 0, tokens: 1_000 },
	);
});

for (const { owner, guest } of [
	{ owner: "a key's rates", guest: false },
	{ owner: "a guest's rates", guest: true },
]) {
	test(`a request ends at its deadline when the store never answers for ${owner}`, async () => {
		const { clock, instance, router } = limited((own) => new SlowStore(own), guest);
		let code: string | undefined;
		void rejects(router.unary(chatEnvelope({ timeout_ms: 50 }), watched())).then((error) => {
			code = error.code;
		});
		await clock.advance(50);
		assert.equal({ code, inFlight: instance.stats.inFlight }, { code: "timeout", inFlight: 0 });
	});
}

test.run();
