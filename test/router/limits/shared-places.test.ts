/** Limits of concurrency whose places several hosts share. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MemoryLimitStore } from "../../../src/router/limits/memory-limit-store.ts";
import type { PlaceStore, Places } from "../../../src/router/limits/places.ts";
import { Router } from "../../../src/router/router.ts";
import { DEFAULT_ROUTER } from "../../../src/router/settings.ts";
import { seededRandom } from "../../../src/time/random.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { rejects, watched } from "../calls.ts";

/** Places that a test hands out. */
class ScriptedPlaces implements PlaceStore {
	readonly held = new Map<string, number>();
	readonly wanted: string[] = [];
	readonly #onFree = new Map<string, () => void>();
	/** Answers a question of a guest or an operation. */
	answer: ((name: string) => void) | undefined;

	places(name: string, _owner: string, _limit: number, _used: () => number, onFree = (): void => {}): Places {
		this.#onFree.set(name, onFree);
		const { held, wanted } = this;
		const answer = this.answer;
		return {
			get allowed() {
				return held.get(name) ?? 0;
			},
			detail: undefined,
			want: () => wanted.push(name),
			ask: () => (answer === undefined ? undefined : Promise.resolve().then(() => answer(name))),
		};
	}

	give(name: string, count: number): void {
		this.held.set(name, count);
		this.#onFree.get(name)?.();
	}
}

function rig(limits: { readonly concurrency?: number; readonly guest?: number; readonly operation?: number }) {
	const clock = new FakeClock();
	const places = new ScriptedPlaces();
	const calls: (() => void)[] = [];
	const instance = fakeInstance("a", {
		unary: () => new Promise((resolve) => calls.push(() => resolve(chatResponse("a")))),
		...(limits.concurrency === undefined ? {} : { concurrency: limits.concurrency }),
	});
	const open = (): Router =>
		new Router({
			instances: [instance],
			routes: new Map([
				["chat_completions", { policy: "round_robin", ...(limits.operation === undefined ? {} : { concurrency: limits.operation }) }],
			]),
			guests: limits.guest === undefined ? new Map() : new Map([["*", { concurrency: limits.guest, routes: new Map() }]]),
			settings: { ...DEFAULT_ROUTER, retryRatio: 0 },
			clock,
			random: seededRandom(1),
			wallClock: () => 0,
			store: new MemoryLimitStore(clock),
			places,
		});
	return { clock, places, calls, open };
}

test("a request waits for a place of its instance, and is sent as soon as one arrives", async () => {
	const { clock, places, calls, open } = rig({ concurrency: 4 });
	const answer = open().unary(chatEnvelope(), watched());
	await clock.advance(10);
	assert.equal([calls.length, places.wanted.includes("instance:a")], [0, true]);
	places.give("instance:a", 1);
	await clock.advance(0);
	assert.is(calls.length, 1);
	calls[0]?.();
	assert.is((await answer).backend.name.length > 0, true);
});

test("an instance takes no more requests than this host has places, whatever its limit", async () => {
	const { clock, places, calls, open } = rig({ concurrency: 4 });
	const router = open();
	places.held.set("instance:a", 2);
	const answers = [1, 2, 3].map(() => router.unary(chatEnvelope(), watched()));
	await clock.advance(10);
	assert.is(calls.length, 2);
	calls[0]?.();
	await clock.advance(0);
	assert.is(calls.length, 3);
	for (const call of calls) call();
	await Promise.all(answers);
});

for (const [what, limits, name] of [
	["its guest", { guest: 3 }, /^guest:/],
	["its operation", { operation: 3 }, /^operation:chat_completions$/],
] as const) {
	test(`a request asks once for a place of ${what}, and is refused if there is none`, async () => {
		const { clock, places, calls, open } = rig(limits);
		const asked: string[] = [];
		let count = 1;
		places.answer = (each) => {
			asked.push(each);
			places.held.set(each, count);
		};
		const router = open();
		const served = router.unary(chatEnvelope(), watched());
		await clock.advance(0);
		assert.equal([calls.length, asked.length, name.test(asked[0] ?? "")], [1, 1, true]);
		const refusal = await rejects(router.unary(chatEnvelope(), watched()));
		assert.equal([refusal.code, asked.length], ["rate_limited", 2]);
		assert.match(refusal.message, "the host's limit is 3, of which this host holds 1 now");
		count = 2;
		const second = router.unary(chatEnvelope(), watched());
		await clock.advance(0);
		assert.is(calls.length, 2);
		for (const call of calls) call();
		await Promise.all([served, second]);
	});
}

test.run();
