import { inspect } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Config, type RunDecision, SpearError } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";
import { memoryLog } from "../helpers/memory-log.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";
import { probe, probeComponent } from "../helpers/probe-host.ts";

/** The host's log while an upstream is down or refuses a key, as an operator reads it. */
const test = suite("upstream log");

const COMPLETE = { do: "complete" } as const;
const SAYS = {
	id: "c",
	object: "chat.completion",
	model: "m",
	choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
};

/** A port of the loopback interface on which nothing listens. */
async function closedPort(): Promise<string> {
	const server = await OpenAiServer.start();
	await server.close();
	return server.baseUrl;
}

async function outcomesOf(config: Config, env: Record<string, string>, requests: number) {
	const { logger, at } = memoryLog();
	const attempts: RunDecision["outcomes"][number][] = [];
	const host = await createHost({
		config: { host: { cache_dir: scratch() }, ...config },
		env,
		logger,
		onEvent: (event) => event.type === "decision" && attempts.push(...event.outcomes),
	});
	const agent = await host.load(await probeComponent());
	const instance = await agent.instantiate();
	const outcomes = await probe(instance, ...Array.from({ length: requests }, () => COMPLETE));
	const failure: unknown = await host
		.client()
		.call("chat_completions", { messages: [{ role: "user", content: [{ type: "text", text: "hi" }], tool_calls: [] }], tools: [] })
		.catch((thrown: unknown) => thrown);
	await host.close();
	return { outcomes, attempts, failure, loud: at("warn", "error"), quiet: at("debug") };
}

test("an upstream that is down makes one line without a stack, whatever number of requests and attempts meets it", async () => {
	const backends = { up: { kind: "openai-compatible", base_url: await closedPort(), models: ["m"] } };
	const { loud, quiet } = await outcomesOf({ backends, router: { max_attempts: 3, backoff_ms: 1, queue_timeout_ms: 1 } }, {}, 3);
	assert.equal(
		loud.map(({ message }) => message.replace(/\d+\.\d+\.\d+\.\d+:\d+/g, "ADDRESS")),
		[
			"backend up fails: the backend refuses connections; it may be down: POST http://ADDRESS/v1/chat/completions: connect ECONNREFUSED ADDRESS",
		],
	);
	assert.ok(quiet.length >= 3);
	for (const { message, fields } of loud) assert.not.match(`${message}${JSON.stringify(fields)}`, /\n\s*at /);
	assert.ok(loud.every(({ fields }) => !("err" in fields)));
	const stacks = quiet.flatMap(({ fields: { err } }) => (err instanceof Error ? [err.stack ?? ""] : []));
	assert.ok(stacks.length >= 3);
	for (const stack of stacks) assert.match(stack, /the backend refuses connections.*\n\s*at /);
});

test("a run and the error of its host name the backend that is down and the variable of each key that was tried", async () => {
	const keys = { FIRST_KEY: "sk-first-0123456789", SECOND_KEY: "sk-second-0123456789" };
	const backends = {
		up: { kind: "openai-compatible", base_url: await closedPort(), models: ["m"], api_key_env: Object.keys(keys) },
		spare: { kind: "openai-compatible", base_url: await closedPort(), models: ["m"], api_key_env: "SPARE_KEY" },
	};
	const router = { max_attempts: 3, backoff_ms: 1, queue_timeout_ms: 1 };
	const { outcomes, attempts, failure, loud, quiet } = await outcomesOf(
		{ backends, router },
		{ ...keys, SPARE_KEY: "sk-spare-0123456789" },
		1,
	);
	assert.equal(new Set(attempts.map(({ backend }) => backend)), new Set(["up", "spare"]));
	for (const { backend, key, error } of attempts) {
		assert.match(String(key), backend === "up" ? /^(FIRST|SECOND)_KEY$/ : /^SPARE_KEY$/);
		assert.match(String(error?.cause), "ECONNREFUSED");
	}
	assert.ok(failure instanceof SpearError);
	assert.ok(failure.explanation?.attempts.every(({ backend }) => backend === "up" || backend === "spare"));
	assert.is(loud.filter(({ message }) => message.startsWith("backend up fails: ")).length, 1);
	assert.is(loud.filter(({ message }) => message.startsWith("backend spare fails: ")).length, 1);
	assert.match(JSON.stringify(loud), /"key":"(FIRST|SECOND)_KEY"/);
	assert.not.match(JSON.stringify(outcomes), /_KEY/);
	assert.not.match(inspect([outcomes, attempts, failure, loud, quiet], { depth: 10 }), /sk-(first|second|spare)/);
});

test("a rejected key is named by its variable in the log and in the cause of the host's error, and not to the guest", async () => {
	const server = await OpenAiServer.start(
		...Array.from({ length: 20 }, () => answer.status(401, { error: { message: "Incorrect API key provided", code: "invalid_api_key" } })),
	);
	const backends = {
		up: { kind: "openai-compatible", base_url: server.baseUrl, models: ["m"], api_key_env: ["FIRST_KEY", "SECOND_KEY", "UNSET_KEY"] },
	};
	const env = { FIRST_KEY: "sk-first-0123456789", SECOND_KEY: "sk-second-0123456789" };
	const { outcomes, failure, loud } = await outcomesOf({ backends, router: { queue_timeout_ms: 1 } }, env, 2);
	await server.close();
	const text = loud.map(({ message }) => message).join("\n");
	assert.match(text, "FIRST_KEY of backend up was refused by the upstream: the backend refuses the host's credentials (status 401)");
	assert.match(text, "SECOND_KEY of backend up was refused by the upstream");
	assert.is(text.match(/was refused by the upstream: the backend/g)?.length, 2);
	assert.match(
		text,
		"no key for chat_completions: backend up has no usable key: FIRST_KEY was rejected by the upstream, SECOND_KEY was rejected by the upstream, UNSET_KEY is not set",
	);
	assert.ok(failure instanceof Error && failure.cause instanceof Error);
	// The client is another guest, to which the keys are still available.
	assert.match(failure.cause.message, /^(FIRST|SECOND)_KEY of backend up was refused by the upstream$/);
	assert.not.match(JSON.stringify(outcomes), /_KEY/);
	assert.not.match(text, /sk-/);
});

test("a first key that a second one covers for is reported once", async () => {
	const server = await OpenAiServer.start(
		answer.status(401, { error: { message: "Incorrect API key provided" } }),
		...Array.from({ length: 8 }, () => answer.json(SAYS)),
	);
	const backends = { up: { kind: "openai-compatible", base_url: server.baseUrl, models: ["m"], api_key_env: ["BAD_KEY", "GOOD_KEY"] } };
	const env = { BAD_KEY: "sk-bad-0123456789ab", GOOD_KEY: "sk-good-0123456789ab" };
	const { outcomes, loud } = await outcomesOf({ backends }, env, 3);
	await server.close();
	assert.ok(outcomes.every(({ err }) => err === undefined));
	// Either key may come first: the other covers for it.
	const refusals = loud.filter(({ message }) => /^(BAD|GOOD)_KEY of backend up was refused by the upstream: /.test(message));
	assert.is(refusals.length, 1);
});

test.run();
