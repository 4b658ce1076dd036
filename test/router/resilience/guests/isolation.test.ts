import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { guestIdentity } from "../../../../src/identity/guest-identity.ts";
import type { Router } from "../../../../src/router/router.ts";
import { chatEnvelope, chatResponse } from "../../../helpers/chat.ts";
import { FakeClock, settled } from "../../../helpers/fake-clock.ts";
import { fakeInstance } from "../../../helpers/instances.ts";
import { routerOf } from "../../../helpers/router.ts";
import { rejects, routing, untilAborted, watched } from "../../calls.ts";

const [HOSTILE, VICTIM, WITNESS] = ["hostile", "victim", "witness"].map((name) => guestIdentity(name));

type Guest = ReturnType<typeof guestIdentity> | undefined;

/** A host with the instances `a` and `b`. `a` answers each request with this error, if there is one. */
function hostOf(errorFor: (requestId: string) => SpearError | undefined) {
	const clock = new FakeClock();
	const answering = (name: string) =>
		fakeInstance(name, {
			random: () => 0.5,
			unary: async ({ requestId }) => {
				const error = name === "a" ? errorFor(requestId) : undefined;
				if (error !== undefined) throw error;
				return chatResponse(name);
			},
		});
	const instances = [answering("a"), answering("b")];
	const router = routerOf(instances, { clock, settings: { maxAttempts: 1, queueTimeoutMs: 0 } });
	return { router, clock, instances };
}

/** Sends a request to `a` alone. Returns the code of its failure; `undefined` for a success. */
async function ask(router: Router, guest: Guest, id: string): Promise<string | undefined> {
	const request = { ...chatEnvelope(), request_id: id, routing: routing({ backend: "a" }) };
	const call = router.unary(request, watched(guest === undefined ? {} : { guest }));
	return call.then(
		() => undefined,
		(thrown: unknown) => SpearError.from(thrown).code,
	);
}

async function askOften(router: Router, guest: Guest, count: number): Promise<void> {
	for (let i = 0; i < count; i++) await ask(router, guest, `${guest?.name}-${i}`);
}

const byGuest =
	(names: readonly string[], error: () => SpearError) =>
	(id: string): SpearError | undefined =>
		names.some((name) => id.startsWith(name)) ? error() : undefined;

const FAILURES: readonly (readonly [string, () => SpearError])[] = [
	["backend errors", () => new SpearError("backend_error", "HTTP 500", { retryable: true })],
	["rejected keys", () => new SpearError("backend_error", "HTTP 401", { attribution: "credentials" })],
	["exhausted quotas", () => new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 3_600_000 })],
];

for (const [what, error] of FAILURES) {
	test(`${what} of one guest leave an instance available to another one`, async () => {
		const { router } = hostOf(byGuest(["hostile"], error));
		await askOften(router, VICTIM, 1);
		await askOften(router, HOSTILE, 50);
		assert.is(await ask(router, VICTIM, "victim-last"), undefined);
		assert.is(await ask(router, HOSTILE, "hostile-last"), what === "exhausted quotas" ? "rate_limited" : "no_candidate_backend");
	});

	test(`${what} of a guest that was alone leave an instance available to the next guest`, async () => {
		const { router } = hostOf(byGuest(["hostile"], error));
		await askOften(router, HOSTILE, 50);
		assert.is(await ask(router, VICTIM, "victim-last"), undefined);
	});

	test(`${what} of a guest that was alone long ago leave an instance available to the next guest`, async () => {
		const { router, clock } = hostOf(byGuest(["hostile"], error));
		await askOften(router, HOSTILE, 50);
		clock.pass(600_000); // From then on, the next guest is alone as well.
		assert.is(await ask(router, VICTIM, "victim-last"), undefined);
	});

	test(`${what} of a guest that was alone leave an instance available to a guest whose agent is loaded later`, async () => {
		const { router } = hostOf(byGuest(["hostile"], error));
		if (HOSTILE !== undefined) router.addGuest(HOSTILE);
		await askOften(router, HOSTILE, 50);
		if (VICTIM !== undefined) router.addGuest(VICTIM);
		assert.is(await ask(router, VICTIM, "victim-last"), undefined);
	});

	test(`${what} of the only guest make an instance unavailable to it`, async () => {
		const { router, instances } = hostOf(byGuest(["hostile"], error));
		await askOften(router, HOSTILE, 5);
		const served = await router.unary({ ...chatEnvelope(), request_id: "hostile-other" }, watched(guestOf(HOSTILE)));
		assert.is(served.backend.instance, "b");
		assert.is(instances[0]?.stats.inFlight, 0);
	});

	test(`${what} of several guests make an instance unavailable to all`, async () => {
		const { router } = hostOf(byGuest(["hostile", "victim"], error));
		await askOften(router, WITNESS, 1);
		await askOften(router, HOSTILE, 5);
		await askOften(router, VICTIM, 2);
		const refused = await rejects(
			router.unary({ ...chatEnvelope(), request_id: "witness-last", routing: routing({ backend: "a" }) }, watched(guestOf(WITNESS))),
		);
		assert.is(refused.explanation?.rejected[0]?.backend, "a");
	});
}

test("refused connections of one guest make an instance unavailable to all", async () => {
	const refused = () => new SpearError("backend_error", "refused", { attribution: "connection", retryable: true, processed: "no" });
	const { router } = hostOf(byGuest(["hostile"], refused));
	await askOften(router, VICTIM, 1);
	await askOften(router, HOSTILE, 5);
	assert.is(await ask(router, VICTIM, "victim-last"), "no_candidate_backend");
});

test("failures of one operation leave the others available", async () => {
	const { router, instances } = hostOf(byGuest(["hostile"], () => new SpearError("backend_error", "HTTP 500")));
	await askOften(router, HOSTILE, 5);
	const [a] = instances;
	assert.is(a?.stats.health("chat_completions").breaker.state(0), "open");
	assert.is(a?.stats.health("embeddings").breaker.state(0), "closed");
});

test("a guest whose requests alone fail tries the instance again when its open period ends", async () => {
	let broken = true;
	const { router, clock } = hostOf((id) => (broken && id.startsWith("hostile") ? new SpearError("backend_error", "HTTP 500") : undefined));
	await askOften(router, VICTIM, 1);
	await askOften(router, HOSTILE, 5);
	assert.is(await ask(router, HOSTILE, "hostile-early"), "no_candidate_backend");
	broken = false;
	clock.pass(5_000);
	assert.is(await ask(router, HOSTILE, "hostile-trial"), undefined);
	assert.is(await ask(router, HOSTILE, "hostile-after"), undefined);
});

/** A host whose only instance was down for a moment. It answers all guests but the hostile one, whose requests hang. */
async function recoveringHost() {
	let isDown = true;
	const clock = new FakeClock();
	const instance = fakeInstance("a", {
		random: () => 0.5,
		unary: async ({ requestId, signal }) => {
			if (isDown) throw new SpearError("backend_error", "refused", { attribution: "connection", retryable: true, processed: "no" });
			return requestId.startsWith("hostile") ? untilAborted({ signal }) : chatResponse("a");
		},
	});
	const router = routerOf([instance], { clock, settings: { maxAttempts: 1, queueTimeoutMs: 0 } });
	await askOften(router, WITNESS, 5);
	isDown = false;
	clock.pass(5_000);
	/** Sends a request of the hostile guest. Returns the function that cancels it. */
	const hang = (): (() => Promise<void>) => {
		const abort = new AbortController();
		const ended = rejects(
			router.unary({ ...chatEnvelope(), request_id: "hostile" }, { ...watched(guestOf(HOSTILE)), signal: abort.signal }),
		);
		return async () => {
			abort.abort(new SpearError("cancelled", "the guest has left"));
			await ended;
		};
	};
	return { router, clock, hang };
}

test("a trial of one guest that hangs leaves a recovered instance available to another one after two open periods", async () => {
	const { router, clock, hang } = await recoveringHost();
	const cancels = [hang()];
	// The hostile guest comes first each time. Its own second wait is longer than an open period.
	for (let period = 0; period < 2; period++) {
		await settled();
		clock.pass(5_000);
		cancels.push(hang());
	}
	await settled();
	assert.is(await ask(router, VICTIM, "victim"), undefined);
	for (const cancel of cancels) await cancel();
});

test("a guest whose trial is cancelled leaves the next trial to another one", async () => {
	const { router, hang } = await recoveringHost();
	const cancel = hang();
	await settled();
	await cancel();
	const cancels = [hang(), hang()];
	await settled();
	assert.is(await ask(router, VICTIM, "victim"), undefined);
	for (const last of cancels) await last();
});

/** A host whose instance and route permit four concurrent requests. Requests end only when they are aborted. */
function limitedHost(limits: { readonly concurrency?: number; readonly route?: number }) {
	const { concurrency, route } = limits;
	const instance = fakeInstance("a", { unary: untilAborted, ...(concurrency === undefined ? {} : { concurrency }) });
	const routes = new Map(route === undefined ? [] : [["chat_completions", { concurrency: route }] as const]);
	const router = routerOf([instance], { routes, settings: { queueTimeoutMs: 0, maxAttempts: 1 } });
	/** Opens requests of a guest. Returns the function that aborts them. */
	const open = (guest: Guest, count: number): (() => Promise<void>) => {
		const abort = new AbortController();
		const context = { signal: abort.signal, ...guestOf(guest) };
		for (let i = 0; i < count; i++) router.unary(chatEnvelope(), watched(context)).catch(() => {});
		return () => {
			abort.abort();
			return settled();
		};
	};
	return { instance, router, open };
}

for (const limits of [{ concurrency: 4 }, { route: 4 }]) {
	const [where] = Object.keys(limits);
	test(`the last place of a limit stays free of the guest that holds all others: ${where}`, async () => {
		const { instance, open } = limitedHost(limits);
		await open(VICTIM, 1)();
		const end = open(HOSTILE, 10);
		await settled();
		assert.is(instance.stats.inFlight, 3);
		const endVictim = open(VICTIM, 1);
		await settled();
		assert.is(instance.stats.inFlight, 4);
		await end();
		await endVictim();
		assert.is(instance.stats.inFlight, 0);
	});

	test(`the last place of a limit stays free for a guest whose agent is loaded: ${where}`, async () => {
		const { instance, router, open } = limitedHost(limits);
		for (const guest of [HOSTILE, VICTIM]) if (guest !== undefined) router.addGuest(guest);
		const end = open(HOSTILE, 10);
		await settled();
		assert.is(instance.stats.inFlight, 3);
		const endVictim = open(VICTIM, 1);
		await settled();
		assert.is(instance.stats.inFlight, 4);
		await end();
		await endVictim();
	});

	test(`a lone guest holds every place of a limit: ${where}`, async () => {
		const { instance, open } = limitedHost(limits);
		const end = open(HOSTILE, 10);
		await settled();
		assert.is(instance.stats.inFlight, 4);
		await end();
		assert.is(instance.stats.inFlight, 0);
	});
}

test("a failed trial of one guest leaves the next trial to the others", async () => {
	const { router, clock, instances } = hostOf(byGuest(["hostile"], () => new SpearError("backend_error", "HTTP 500")));
	await askOften(router, VICTIM, 1);
	const breaker = instances[0]?.stats.health("chat_completions").breaker;
	for (let i = 0; i < 5; i++) breaker?.fail(false, 0);
	clock.pass(5_000);
	assert.is(await ask(router, HOSTILE, "hostile-trial"), "backend_error");
	assert.is(await ask(router, HOSTILE, "hostile-again"), "no_candidate_backend");
	assert.is(await ask(router, VICTIM, "victim-trial"), undefined);
	assert.is(breaker?.state(clock.now()), "closed");
});

function guestOf(guest: Guest): { readonly guest?: NonNullable<Guest> } {
	return guest === undefined ? {} : { guest };
}

test.run();
