/** A run as an object: its end from outside, what it consumed, and JSON in and out. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../../generated/ir/config.ts";
import { type Agent, createHost, type EventSource, GuestError, type HostEvent, SpearError } from "../../src/index.ts";
import { httpFailure, type MockScript, mockBackend } from "../../src/testing.ts";
import { buildTestGuest } from "../helpers/guest.ts";
import { memoryLog } from "../helpers/memory-log.ts";

const built = await buildTestGuest(`
import { agent } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";
export const run = agent((input) => {
	if (input.startsWith("{")) return JSON.stringify({ got: JSON.parse(input) });
	if (input === "text") return "no JSON";
	const conversation = chat();
	conversation.ask("one");
	return conversation.ask("two").text;
});
`);

interface Setting {
	readonly config?: Config;
	readonly onEvent?: (event: HostEvent, source: EventSource) => void;
}

async function withAgent(script: MockScript, check: (agent: Agent) => Promise<void>, { config, onEvent }: Setting = {}): Promise<void> {
	const backend = mockBackend(script);
	const host = await createHost({
		kinds: [backend],
		config: { ...backend.config, ...config },
		logger: memoryLog().logger,
		...(onEvent === undefined ? {} : { onEvent }),
	});
	try {
		await check(await host.load(built.prepared, { guest: "tested" }));
	} finally {
		await host.close();
	}
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
}

const priced = { backends: { mock: { kind: "mock", models: [{ name: "mock", price: { input: 10, output: 20 } }] } } };
const usage = { input_tokens: 100_000, output_tokens: 50_000 };

test("a run over its budget fails with the reason and the time of the reset", () =>
	withAgent(
		{ chat: () => ({ text: "fine", usage }) },
		async (agent) => {
			const run = agent.run("ask");
			const error = await failureOf(run);
			assert.ok(error instanceof SpearError);
			assert.equal([error.code, error.reason, error.retryable], ["rate_limited", "budget_exceeded", true]);
			assert.ok((error.retryAfterMs ?? 0) > 0);
			assert.match(error.message, /spent 1 of 1, this request may need up to 0\.00\d+, and the budget resets at /);
			assert.equal(
				run.decisions.map((decision) => decision.error?.reason),
				[undefined, "budget_exceeded"],
			);
		},
		{ config: { ...priced, guests: { "*": { budget: { amount: 1, per: "month" } } } } },
	));

test("a run sums the usage and the cost of its answers, and keeps the router's decisions", () =>
	withAgent(
		{ chat: () => ({ text: "fine", usage }) },
		async (agent) => {
			const run = agent.run("ask");
			assert.is(await run, "fine");
			assert.equal(run.usage, { input_tokens: 200_000, output_tokens: 100_000 });
			assert.is(run.cost, 4);
			assert.equal(
				run.decisions.map(({ operation, chosen }) => [operation, chosen]),
				[
					["chat_completions", "mock"],
					["chat_completions", "mock"],
				],
			);
			assert.ok(run.cpuMs > 0);
			const kept = await agent.instantiate();
			const second = kept.run("ask");
			await second;
			const third = kept.run("ask");
			await third;
			assert.is(second.decisions.length, 2);
			assert.is(third.decisions.length, 2);
			await kept.close();
		},
		{ config: priced },
	));

test("the cost of a run is unknown without a price, and 0 without requests", () =>
	withAgent({ chat: () => ({ text: "fine", usage }) }, async (agent) => {
		const run = agent.run("ask");
		await run;
		assert.is(run.cost, undefined);
		const silent = agent.run("{}");
		await silent;
		assert.is(silent.cost, 0);
		assert.equal(silent.usage, {});
	}));

test("a run that is cancelled rejects with the reason, and its request ends at the backend", () =>
	withAgent({ chat: [{ text: "late", delayMs: 60_000 }] }, async (agent) => {
		const requested = Promise.withResolvers<void>();
		const run = agent.run("ask", { onEvent: (event) => event.type === "request" && requested.resolve() });
		await requested.promise;
		await run.cancel("enough of this");
		const error = await failureOf(run);
		assert.instance(error, SpearError);
		assert.equal([(error as SpearError).code, (error as SpearError).message], ["cancelled", "enough of this"]);
		await run.cancel();
	}));

test("a signal with a time limit gives a timeout, and an aborted one cancels", () =>
	withAgent({ chat: () => ({ text: "late", delayMs: 60_000 }) }, async (agent) => {
		const late = await failureOf(agent.run("ask", { signal: AbortSignal.timeout(50) }));
		assert.is(late instanceof SpearError ? late.code : late, "timeout");
		const joined = AbortSignal.any([new AbortController().signal, AbortSignal.timeout(50)]);
		const lateToo = await failureOf(agent.run("ask", { signal: joined }));
		assert.is(lateToo instanceof SpearError ? lateToo.code : lateToo, "timeout");
		const abort = new AbortController();
		const run = agent.run("ask", { signal: abort.signal });
		setImmediate(() => abort.abort());
		const error = await failureOf(run);
		assert.is(error instanceof SpearError ? error.code : error, "cancelled");
	}));

test("an error that a guest passes on has the cause that the guest could not see", () =>
	withAgent({ chat: [httpFailure(401)] }, async (agent) => {
		const error = await failureOf(agent.run("ask"));
		assert.instance(error, SpearError);
		assert.is((error as SpearError).attribution, "credentials");
		assert.match(String((error as SpearError).cause), "status 401");
	}));

test("JSON goes in and comes out, checked by a validator", () =>
	withAgent({}, async (agent) => {
		assert.equal(await agent.runJson({ city: "Bern" }).json(), { got: { city: "Bern" } });
		const validator = {
			"~standard": {
				version: 1 as const,
				validate: (value: unknown) =>
					typeof value === "object" && value !== null && "got" in value
						? { value: { size: JSON.stringify(value.got).length } }
						: { issues: [{ message: "it is missing", path: ["got"] }] },
			},
		};
		const checked = await agent.runJson({ a: 1 }).json(validator);
		assert.is(checked.size, 7);
		const wrong = await failureOf(agent.run("text").json());
		assert.instance(wrong, GuestError);
		assert.match((wrong as GuestError).message, "the answer of the guest is no JSON: ");
		const refused = await failureOf(
			agent.runJson({}).json({ "~standard": { version: 1, validate: () => ({ issues: [{ message: "it is missing", path: ["city"] }] }) } }),
		);
		assert.match((refused as GuestError).message, "the answer of the guest does not have the expected form: city: it is missing");
		assert.throws(() => agent.runJson(() => {}), /a value of type function has no JSON/);
	}));

test("a host-wide listener receives the events of every run and client with their source, and may fail", async () => {
	const seen: string[] = [];
	const own: string[] = [];
	await withAgent(
		{ chat: () => "fine" },
		async (agent) => {
			assert.is(await agent.run("ask", { onEvent: ({ type }) => own.push(type) }), "fine");
		},
		{
			onEvent(event, { guest }) {
				seen.push(`${guest} ${event.type}`);
				// The type of an event narrows by its operation.
				if (event.type === "request" && event.operation === "chat_completions")
					seen.push(`${event.request.payload.messages.length} messages`);
				throw new Error("a listener that fails");
			},
		},
	);
	assert.equal(own, ["request", "decision", "response", "request", "decision", "response", "run-ended"]);
	assert.equal(
		seen.filter((each) => each.includes("messages")),
		["1 messages", "3 messages"],
	);
	assert.equal(
		seen.filter((each) => !each.includes("messages")),
		own.map((type) => `tested ${type}`),
	);
});

test.run();
