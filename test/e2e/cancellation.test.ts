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

test("aborting the run closes a unary request upstream within 50 ms", async ({ probeHost }) => {
	const controller = new AbortController();
	const instance = await probeHost.instance({ signal: controller.signal });
	probeHost.server.script(answer.silence());
	const count = probeHost.server.requests.length;
	const run = rejection(probe(instance, { do: "complete" }));
	const received = await probeHost.server.request(count);
	const aborted = performance.now();
	controller.abort();
	const ending = await received.ended;
	assert.ok(ending.hungUp);
	assert.ok(ending.at - aborted < BOUND_MS, `took ${ending.at - aborted} ms`);
	const error = await run;
	assert.ok(error instanceof SpearError && error.code === "cancelled", String(error));
	await instance.close();
});

test("aborting the run closes a stream upstream within 50 ms", async ({ probeHost }) => {
	const controller = new AbortController();
	const instance = await probeHost.instance({ signal: controller.signal });
	probeHost.server.script(answer.stall(FIRST));
	const count = probeHost.server.requests.length;
	const run = rejection(probe(instance, { do: "stream" }));
	const received = await probeHost.server.request(count);
	const aborted = performance.now();
	controller.abort();
	const ending = await received.ended;
	assert.ok(ending.hungUp);
	assert.ok(ending.at - aborted < BOUND_MS, `took ${ending.at - aborted} ms`);
	assert.ok((await run) instanceof SpearError);
	await instance.close();
});

test("dropping the stream's handle in the guest closes it upstream within 50 ms", async ({ probeHost }) => {
	const instance = await probeHost.instance();
	probeHost.server.script(answer.stall(FIRST));
	const count = probeHost.server.requests.length;
	const [outcome] = await probe(instance, { do: "dropAfterFirst" });
	const dropped = performance.now();
	assert.equal(outcome, { ok: { tag: "text", val: "Hi" } });
	const received = await probeHost.server.request(count);
	const ending = await received.ended;
	assert.ok(ending.hungUp);
	assert.ok(ending.at - dropped < BOUND_MS, `took ${ending.at - dropped} ms`);
	await instance.close();
});

test("closing an instance ends what its guest left open", async ({ probeHost }) => {
	const instance = await probeHost.instance();
	probeHost.server.script(answer.stall(FIRST));
	const count = probeHost.server.requests.length;
	const run = rejection(probe(instance, { do: "stream" }));
	const received = await probeHost.server.request(count);
	await instance.close();
	assert.ok((await received.ended).hungUp);
	await run;
	assert.is(probeHost.host.backends()[0]?.inFlight, 0);
});

test.run();
