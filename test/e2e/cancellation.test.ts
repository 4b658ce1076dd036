import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/index.ts";
import { answer, sse } from "../helpers/openai-server.ts";
import { type ProbeHost, probe, startProbeHost } from "../helpers/probe-host.ts";

/** What ends on the guest's side ends upstream at once. */
const test = suite<{ probeHost: ProbeHost }>("cancellation");

/** How long the upstream may take to notice, in ms. */
const BOUND_MS = 50;

const FIRST = sse([{ id: "c", model: "m1", choices: [{ index: 0, delta: { role: "assistant", content: "Hi" }, finish_reason: null }] }], {
	done: false,
});

test.before(async (context) => {
	context.probeHost = await startProbeHost();
});

test.after(async ({ probeHost }) => {
	await probeHost.close();
});

async function rejection(promise: Promise<unknown>): Promise<unknown> {
	const [result] = await Promise.allSettled([promise]);
	return result?.status === "rejected" ? result.reason : undefined;
}

/**
 * The shortest of several times: what the code itself takes. A busy machine only ever adds to a time, and a timer or a wait
 * in the way of an abort would be in each of them.
 */
async function shortest(attempt: () => Promise<number>): Promise<number> {
	let best = Number.POSITIVE_INFINITY;
	for (let i = 0; i < 5 && best >= BOUND_MS; i++) best = Math.min(best, await attempt());
	return best;
}

for (const [shape, command, behaviour] of [
	["a unary request", { do: "complete" }, answer.silence()],
	["a stream", { do: "stream" }, answer.stall(FIRST)],
] as const) {
	test(`aborting the run closes ${shape} upstream within ${BOUND_MS} ms`, async ({ probeHost }) => {
		const time = await shortest(async () => {
			const controller = new AbortController();
			const instance = await probeHost.instance({ signal: controller.signal });
			probeHost.server.script(behaviour);
			const count = probeHost.server.requests.length;
			const run = rejection(probe(instance, command));
			const received = await probeHost.server.request(count);
			const aborted = performance.now();
			controller.abort();
			const ending = await received.ended;
			assert.ok(ending.clientClosed);
			const error = await run;
			assert.ok(error instanceof SpearError && error.code === "cancelled", String(error));
			await instance.close();
			return ending.at - aborted;
		});
		assert.ok(time < BOUND_MS, `took ${time} ms`);
	});
}

test(`dropping the stream's handle in the guest closes it upstream within ${BOUND_MS} ms`, async ({ probeHost }) => {
	const time = await shortest(async () => {
		const instance = await probeHost.instance();
		probeHost.server.script(answer.stall(FIRST));
		const count = probeHost.server.requests.length;
		const [outcome] = await probe(instance, { do: "dropAfterFirst" });
		const dropped = performance.now();
		assert.equal(outcome, { ok: { tag: "text", val: "Hi" } });
		const received = await probeHost.server.request(count);
		const ending = await received.ended;
		assert.ok(ending.clientClosed);
		await instance.close();
		return ending.at - dropped;
	});
	assert.ok(time < BOUND_MS, `took ${time} ms`);
});

test("closing an instance ends what its guest left open", async ({ probeHost }) => {
	const instance = await probeHost.instance();
	probeHost.server.script(answer.stall(FIRST));
	const count = probeHost.server.requests.length;
	const run = rejection(probe(instance, { do: "stream" }));
	const received = await probeHost.server.request(count);
	await instance.close();
	assert.ok((await received.ended).clientClosed);
	await run;
	assert.is(probeHost.host.backends()[0]?.inFlight, 0);
});

test.run();
