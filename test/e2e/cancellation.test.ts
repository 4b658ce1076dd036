import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/index.ts";
import { answer, sse } from "../helpers/openai-server.ts";
import { type ProbeHost, probe, startProbeHost } from "../helpers/probe-host.ts";

/** The end of a run, a handle or an instance ends its requests at the upstream. */
const test = suite<{ probeHost: ProbeHost }>("cancellation");

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

for (const [shape, command, behaviour] of [
	["a unary request", { do: "complete" }, answer.silence()],
	["a stream", { do: "stream" }, answer.stall(FIRST)],
] as const) {
	test(`an aborted run closes ${shape} at the upstream`, async ({ probeHost }) => {
		const controller = new AbortController();
		const instance = await probeHost.instance({ signal: controller.signal });
		probeHost.server.script(behaviour);
		const count = probeHost.server.requests.length;
		const run = rejection(probe(instance, command));
		const received = await probeHost.server.request(count);
		controller.abort();
		assert.ok((await received.ended).clientClosed);
		const error = await run;
		assert.ok(error instanceof SpearError && error.code === "cancelled", String(error));
		await instance.close();
	});
}

test("a dropped handle closes its stream at the upstream while the instance stays open", async ({ probeHost }) => {
	const instance = await probeHost.instance();
	probeHost.server.script(answer.stall(FIRST));
	const count = probeHost.server.requests.length;
	const [outcome] = await probe(instance, { do: "dropAfterFirst" });
	assert.equal(outcome, { ok: { tag: "text", val: "Hi" } });
	const received = await probeHost.server.request(count);
	assert.ok((await received.ended).clientClosed);
	await instance.close();
});

test("a closed instance ends the requests that its guest left open", async ({ probeHost }) => {
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
