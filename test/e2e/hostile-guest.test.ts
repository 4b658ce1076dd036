import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, type Host, type HostOptions, type Logger, SpearError } from "../../src/index.ts";
import { createHost } from "../helpers/isolation.ts";
import { unrulyGuest } from "../helpers/unruly-guest.ts";

/** Protection of the host against hostile guests and faulty listeners of the embedder. */
const test = suite("hostile guest");

const silent: Logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

async function withAgent<T>(use: (agent: Agent, host: Host) => Promise<T>, options: HostOptions = {}): Promise<T> {
	const host = await createHost({ logger: silent, ...options });
	try {
		return await use(await host.load((await unrulyGuest()).prepared), host);
	} finally {
		await host.close();
	}
}

async function failure(promise: Promise<unknown>): Promise<SpearError> {
	const thrown = await promise.then(
		() => undefined,
		(error: unknown) => error,
	);
	assert.instance(thrown, SpearError);
	return thrown as SpearError;
}

test("guests that never return do not block other guests, and end with an abort", () =>
	withAgent(async (agent) => {
		const abort = new AbortController();
		const jobs = ["waits over and over", "polls what is ready over and over", "asks over and over", "goes on when cancelled"];
		const running = jobs.map((job) => failure(agent.run(job, { signal: abort.signal })));
		assert.is(await agent.run("ask"), "stub: you said hello");
		abort.abort();
		const errors = await Promise.all(running);
		assert.equal(
			errors.map((error) => error.code),
			jobs.map(() => "cancelled"),
		);
	}));

test("a guest is never resumed after its run was aborted", () =>
	withAgent(async (agent) => {
		const abort = new AbortController();
		let requests = 0;
		const running = failure(
			agent.run("asks over and over", {
				signal: abort.signal,
				onEvent: (event) => {
					if (event.type === "request") requests += 1;
				},
			}),
		);
		while (requests === 0) await new Promise((resolve) => setImmediate(resolve));
		abort.abort();
		await running;
		const before = requests;
		for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
		assert.is(requests, before);
	}));

test("a guest that holds the maximum of handles is refused another one, and traps where the ABI has no error", () =>
	withAgent(
		async (agent) => {
			const refused = "20 not-permitted: the guest holds 20 handles, the most this host allows (max_handles); drop those it is done with";
			assert.is(await agent.run("streams"), refused);
			assert.is(await agent.run("sessions"), refused);
			const trapped = await agent.run("timers").then(
				() => undefined,
				(error: unknown) => error,
			);
			assert.match(String(trapped), "the most this host allows (max_handles)");
			assert.is(await agent.run("ask"), "stub: you said hello");
		},
		{ config: { limits: { max_handles: 20 } } },
	));

test("texts of 16 MB are passed both ways, and a long log line is cut", () =>
	withAgent(async (agent) => {
		const lines: string[] = [];
		assert.is((await agent.run("16 MB")).length, 16_000_000);
		assert.is(await agent.run("z".repeat(16_000_000)), "16000000");
		const onEvent = (event: { type: string; message?: string }): void => void (event.type === "log" && lines.push(event.message ?? ""));
		assert.is(await agent.run("log", { onEvent }), "logged");
		assert.equal(
			lines.map((line) => Buffer.byteLength(line)),
			[8_192],
		);
	}));

test("a run succeeds when its listener and the logger throw", () => {
	const broken = (): never => {
		throw new Error("disk full");
	};
	const logger: Logger = { trace: broken, debug: broken, info: broken, warn: broken, error: broken };
	return withAgent(
		async (agent) => {
			assert.is(await agent.run("ask", { onEvent: broken }), "stub: you said hello");
			assert.is(await agent.run("log", { onEvent: broken }), "logged");
		},
		{ logger },
	);
});

test("input that is not text is refused", () =>
	withAgent(async (agent) => {
		const input: unknown = 5;
		const error = await failure(agent.run(input as string));
		assert.is(error.message, "input: it must be text, and is number");
	}));

test("many runs with one signal leave no listener and no request in flight", () =>
	withAgent(async (agent, host) => {
		const warnings: Error[] = [];
		const onWarning = (warning: Error): void => void warnings.push(warning);
		process.on("warning", onWarning);
		const { signal } = new AbortController();
		for (let count = 0; count < 100; count += 1) assert.is(await agent.run("ask", { signal }), "stub: you said hello");
		const instance = await agent.instantiate({ signal });
		for (let count = 0; count < 400; count += 1) assert.is(await instance.run("ask"), "stub: you said hello");
		await instance.close();
		await new Promise((resolve) => setImmediate(resolve));
		process.off("warning", onWarning);
		assert.equal(warnings, []);
		assert.is(host.backends()[0]?.inFlight, 0);
	}));

test.run();
