/** OpenAI's own SDK as a client of Chat Completions. */
import OpenAI from "openai";
import type { RunnableTools } from "openai/lib/RunnableFunction";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ErrorCode } from "../../../../generated/ir/types.ts";
import { SpearError } from "../../../../src/index.ts";
import { memoryLog } from "../../../helpers/memory-log.ts";
import { events, fails, type Reaction, says, servedByScript } from "../served.ts";

const messages = [{ role: "user" as const, content: "Hi" }];
const model = "small";

/** Returns the error of a promise that rejects. */
async function failure(promise: PromiseLike<unknown>): Promise<unknown> {
	return promise.then(
		() => assert.unreachable("the call succeeded"),
		(thrown: unknown) => thrown,
	);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
}

test("an answer names its backend and the decision", () =>
	servedByScript([says("Hello", " you")], async ({ sdk }) => {
		const { data, response } = await sdk.chat.completions.create({ model, messages }).withResponse();
		const [choice] = data.choices;
		assert.equal([choice?.message.content, choice?.message.refusal, choice?.finish_reason], ["Hello you", null, "stop"]);
		assert.equal([data.model, data.usage?.total_tokens], ["small-1", 5]);
		assert.is(response.headers.get("x-spear-backend"), "up");
		assert.is(response.headers.get("x-spear-decision"), response.headers.get("x-request-id"));
		assert.is(data.id, `chatcmpl-${response.headers.get("x-request-id")}`);
	}));

test("a stream has the pieces of the text, its usage and its headers", () =>
	servedByScript([says("Hello", " you")], async ({ sdk }) => {
		const params = { model, messages, stream: true as const, stream_options: { include_usage: true } };
		const { data, response } = await sdk.chat.completions.create(params).withResponse();
		const chunks = await collect(data);
		assert.equal(
			chunks.map(({ choices: [choice] }) => choice?.delta.content ?? choice?.finish_reason),
			["Hello", " you", "stop", undefined],
		);
		assert.equal(
			chunks.map(({ usage }) => usage?.total_tokens),
			[undefined, undefined, undefined, 5],
		);
		assert.is(chunks[0]?.choices[0]?.delta.role, "assistant");
		assert.is(response.headers.get("x-spear-backend"), "up");
		assert.is(response.headers.get("x-spear-decision"), response.headers.get("x-request-id"));
	}));

test("a stream without the wish for usage has no chunk of it", () =>
	servedByScript([says("Hello")], async ({ sdk }) => {
		const chunks = await collect(await sdk.chat.completions.create({ model, messages, stream: true }));
		assert.ok(chunks.every((chunk) => !("usage" in chunk) && chunk.choices.length === 1));
	}));

const CALLS: Reaction = events(
	{
		finish_reason: "tool_calls",
		message: {
			role: "assistant",
			content: [],
			tool_calls: [
				{ id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
				{ id: "call_2", name: "weather", arguments: '{"city":"Oslo"}' },
			],
		},
	},
	{ type: "tool_call", tool_call: { index: 0, id: "call_1", name: "weather", arguments: "" } },
	{ type: "tool_call", tool_call: { index: 1, id: "call_2", name: "weather", arguments: '{"city":' } },
	{ type: "tool_call", tool_call: { index: 0, arguments: '{"city":"Rome"}' } },
	{ type: "tool_call", tool_call: { index: 1, arguments: '"Oslo"}' } },
);

const CITY = { type: "object" as const, properties: { city: { type: "string" } } };
const WEATHER = { type: "function" as const, function: { name: "weather", parameters: CITY } };

for (const stream of [false, true]) {
	test(`the runner of tools gets to an answer, ${stream ? "streamed" : "whole"}`, () =>
		servedByScript([CALLS, says("Sun in Rome.")], async ({ sdk }, received) => {
			const asked: string[] = [];
			const weather = ({ city }: { city: string }): string => {
				asked.push(city);
				return `sun in ${city}`;
			};
			const tools: RunnableTools<[{ city: string }]> = [
				{
					type: "function",
					function: { name: "weather", description: "Weather.", parameters: CITY, parse: JSON.parse, function: weather },
				},
			];
			const params = { model, messages, tools };
			const runner = stream ? sdk.chat.completions.runTools({ ...params, stream: true }) : sdk.chat.completions.runTools(params);
			assert.is(await runner.finalContent(), "Sun in Rome.");
			assert.equal(asked, ["Rome", "Oslo"]);
			assert.equal(
				received[1]?.payload.messages.map(({ role, tool_calls, tool_call_id }) => [role, tool_calls.length, tool_call_id]),
				[
					["user", 0, undefined],
					["assistant", 2, undefined],
					["tool", 0, "call_1"],
					["tool", 0, "call_2"],
				],
			);
		}));
}

test("the helper for streams ends with the whole message", () =>
	servedByScript([CALLS], async ({ sdk }) => {
		const message = await sdk.chat.completions.stream({ model, messages, tools: [WEATHER] }).finalMessage();
		assert.equal(
			message.tool_calls?.map((call) => call.type === "function" && [call.id, call.function.name, call.function.arguments]),
			[
				["call_1", "weather", '{"city":"Rome"}'],
				["call_2", "weather", '{"city":"Oslo"}'],
			],
		);
	}));

test("the helper that parses answers and calls gets both", () =>
	servedByScript([says('{"city":"Rome"}'), CALLS], async ({ sdk }, received) => {
		const response_format = { type: "json_schema" as const, json_schema: { name: "place", schema: CITY, strict: true } };
		const text = await sdk.chat.completions.parse({ model, messages, response_format });
		assert.equal(text.choices[0]?.message.parsed, { city: "Rome" });
		assert.is(received[0]?.payload.response_format?.type, "json_schema");
		const tools = [{ ...WEATHER, function: { ...WEATHER.function, strict: true } }];
		const called = await sdk.chat.completions.parse({ model, messages, tools });
		const answered = called.choices[0]?.message;
		if (answered === undefined) throw new Error("no message");
		assert.equal(Object(answered.tool_calls?.[0]).function.parsed_arguments, { city: "Rome" });
		assert.is(received[1]?.payload.tools[0]?.strict, true);
		// The program returns the message with what the SDK added to it.
		const results = ["call_1", "call_2"].map((tool_call_id) => ({ role: "tool" as const, tool_call_id, content: "sun" }));
		await sdk.chat.completions.create({ model, messages: [...messages, answered, ...results] });
		assert.is(received[2]?.payload.messages[1]?.tool_calls[0]?.arguments, '{"city":"Rome"}');
	}));

test("an answer that is cut, filtered or ended otherwise says so", () =>
	servedByScript(
		(["length", "content_filter", "other"] as const).map((finish_reason) => events({ finish_reason })),
		async ({ sdk }) => {
			const choices = [];
			for (let index = 0; index < 3; index++) choices.push((await sdk.chat.completions.create({ model, messages })).choices[0]);
			assert.equal(
				choices.map((choice) => [choice?.finish_reason, Object(choice).native_finish_reason]),
				[
					["length", undefined],
					["content_filter", undefined],
					["stop", "other"],
				],
			);
		},
	));

test("a refusal, a citation and a downgrade have their places", () => {
	const message = {
		role: "assistant" as const,
		content: [
			{ type: "refusal" as const, refusal: "No." },
			{ type: "annotation" as const, annotation: { url: "https://a.example", title: "A", start_index: 0, end_index: 1 } },
		],
		tool_calls: [],
	};
	const downgrades = [{ field: "params.seed", effect: "dropped" as const, detail: "there is no seed" }];
	const reaction = (): Reaction => events({ message, downgrades }, { type: "refusal", refusal: "No." });
	return servedByScript([reaction(), reaction()], async ({ sdk }) => {
		const whole = await sdk.chat.completions.create({ model, messages });
		const streamed = await sdk.chat.completions.stream({ model, messages }).finalChatCompletion();
		for (const answer of [whole, streamed]) {
			const said = answer.choices[0]?.message;
			assert.is(said?.refusal, "No.");
			assert.is(said?.annotations?.[0]?.url_citation.url, "https://a.example");
			assert.equal(Object(answer).spear, { downgrades });
		}
		assert.is(whole.choices[0]?.message.content, null);
	});
});

/** Each code of the host, with the class of error, the code and the headers that the SDK sees. */
const FAILURES: readonly (readonly [code: ErrorCode, status: number, type: new (...args: never[]) => unknown, shown: string])[] = [
	["invalid_request", 400, OpenAI.BadRequestError, "invalid_request"],
	["missing_capabilities", 400, OpenAI.BadRequestError, "missing_capabilities"],
	["not_permitted", 403, OpenAI.PermissionDeniedError, "not_permitted"],
	["rate_limited", 429, OpenAI.RateLimitError, "rate_limit_exceeded"],
	["internal", 500, OpenAI.InternalServerError, "internal"],
	["backend_error", 502, OpenAI.InternalServerError, "backend_error"],
	["timeout", 504, OpenAI.InternalServerError, "timeout"],
];

for (const [code, status, type, shown] of FAILURES) {
	test(`the failure ${code} is the SDK's ${type.name}, before a whole answer and before a stream`, () => {
		const failing = () => fails(new SpearError(code, "it went wrong", { retryable: false }));
		return servedByScript([failing(), failing()], async ({ sdk }) => {
			for (const stream of [false, true]) {
				const error = await failure(sdk.chat.completions.create({ model, messages, stream }));
				assert.instance(error, type);
				const { status: seen, code: said, headers } = Object(error);
				assert.equal([seen, said, headers.get("x-should-retry")], [status, shown, status >= 429 ? "false" : null]);
			}
		});
	});
}

test("a client whose budget does not suffice gets the SDK's error of a used-up quota, before a whole answer and before a stream", () => {
	const backends = { up: { kind: "scripted", price: { input: 1_000, output: 1_000 } } };
	const config = { backends, guests: { "*": { budget: { amount: 0.000_001, per: "month" as const } } } };
	return servedByScript(
		[],
		async ({ sdk }, received) => {
			// A full budget serves one request of any cost.
			await sdk.chat.completions.create({ model, messages });
			for (const stream of [false, true]) {
				const error = await failure(sdk.chat.completions.create({ model, messages, stream }));
				assert.instance(error, OpenAI.RateLimitError);
				const { status, code, type, message } = Object(error);
				assert.equal([status, code, type], [429, "insufficient_quota", "insufficient_quota"]);
				assert.match(message, "the budget resets at ");
			}
			assert.is(received.length, 1);
		},
		config,
	);
});

test("a model that no backend has is not found, and the error names the member", () =>
	servedByScript([], async ({ sdk }) => {
		const error = await failure(sdk.chat.completions.create({ model: "gpt-x", messages }));
		assert.instance(error, OpenAI.NotFoundError);
		assert.equal([Object(error).code, Object(error).param], ["model_not_found", "model"]);
	}));

test("a key that is missing or unknown, or that may not use the model, is refused", () => {
	const clients = { app: { key_env: "APP_KEY", models: ["org/*"] } };
	const env = { APP_KEY: "a-key-of-a-client-of-a-test" };
	return servedByScript(
		[],
		async ({ url, sdk }) => {
			const unknown = await failure(sdk.chat.completions.create({ model, messages }));
			assert.instance(unknown, OpenAI.AuthenticationError);
			assert.is(Object(unknown).code, "invalid_api_key");
			const known = new OpenAI({ apiKey: env.APP_KEY, baseURL: `${url}/v1`, maxRetries: 0 });
			const forbidden = await failure(known.chat.completions.create({ model, messages }));
			assert.instance(forbidden, OpenAI.PermissionDeniedError);
			assert.is(Object(forbidden).param, "model");
			assert.is((await known.chat.completions.create({ model: "org/large", messages })).choices[0]?.message.content, "ok");
			assert.equal(
				(await collect(known.models.list())).map(({ id }) => id),
				["org/large"],
			);
		},
		{ clients } as never,
		{ env },
	);
});

test("the SDK tries again after the time that the host names, and not after a failure that stays", () => {
	const limited = fails(new SpearError("rate_limited", "too many", { retryAfterMs: 20 }));
	return servedByScript([limited, says("at last"), fails(new SpearError("backend_error", "broken"))], async ({ url }, received) => {
		const sdk = new OpenAI({ apiKey: "k", baseURL: `${url}/v1`, maxRetries: 3, logLevel: "off" });
		assert.is((await sdk.chat.completions.create({ model, messages })).choices[0]?.message.content, "at last");
		const before = received.length;
		assert.instance(await failure(sdk.chat.completions.create({ model, messages })), OpenAI.InternalServerError);
		assert.is(received.length - before, 1);
	});
});

test("a failure within a stream reaches the SDK as an error with its code", () => {
	const broken = fails(new SpearError("backend_error", "the upstream fell silent"), { type: "text", text: "Once" });
	return servedByScript([broken], async ({ sdk }) => {
		const pieces: unknown[] = [];
		const error = await failure(
			(async () => {
				for await (const chunk of await sdk.chat.completions.create({ model, messages, stream: true }))
					pieces.push(chunk.choices[0]?.delta.content);
			})(),
		);
		assert.equal(pieces, ["Once"]);
		assert.instance(error, OpenAI.APIError);
		assert.equal([Object(error).code, Object(error).message], ["backend_error", "the upstream fell silent"]);
	});
});

/** Returns a reaction that waits for its end, and a promise of that. */
function waiting(...before: { readonly type: "text"; readonly text: string }[]): {
	readonly reaction: Reaction;
	readonly aborted: Promise<void>;
} {
	const { promise, resolve } = Promise.withResolvers<void>();
	const reaction: Reaction = async function* (signal) {
		yield* before;
		await new Promise<void>((_, reject) => {
			const end = (): void => {
				resolve();
				reject(signal.reason);
			};
			if (signal.aborted) end();
			else signal.addEventListener("abort", end, { once: true });
		});
	};
	return { reaction, aborted: promise };
}

for (const stream of [false, true]) {
	test(`a client that aborts ends the call at the backend, ${stream ? "in a stream" : "before the answer"}`, () => {
		const { reaction, aborted } = stream ? waiting({ type: "text", text: "Once" }) : waiting();
		return servedByScript([reaction], async ({ sdk }, received) => {
			const abort = new AbortController();
			if (stream) {
				const chunks = await sdk.chat.completions.create({ model, messages, stream: true }, { signal: abort.signal });
				for await (const chunk of chunks) if (chunk.choices[0]?.delta.content === "Once") break;
			} else {
				const answer = failure(sdk.chat.completions.create({ model, messages }, { signal: abort.signal }));
				while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
				abort.abort();
				assert.instance(await answer, OpenAI.APIUserAbortError);
			}
			await aborted;
		});
	});
}

test("a fault of the host within a stream is logged, and its text is withheld", () => {
	const { logger, at } = memoryLog();
	return servedByScript(
		[fails(new Error("a secret of the host"), { type: "text", text: "Once" })],
		async ({ sdk }) => {
			const error = await failure(sdk.chat.completions.stream({ model, messages }).finalMessage());
			assert.is(Object(error).code, "internal");
			assert.not.match(Object(error).message, /secret/);
			assert.ok(at("error").some(({ message }) => message.startsWith("POST /v1/chat/completions: ")));
		},
		{},
		{ logger },
	);
});

test("a server that another one mounts ends the call with the request's signal, also if nothing reads the answer", () => {
	const { promise: released, resolve } = Promise.withResolvers<void>();
	const reaction: Reaction = async function* () {
		try {
			yield { type: "text", text: "Once" };
			yield { type: "text", text: "never" };
		} finally {
			resolve();
		}
	};
	return servedByScript([reaction], async ({ server }) => {
		const abort = new AbortController();
		const body = JSON.stringify({ model, messages, stream: true });
		const headers = { "content-type": "application/json", "content-length": String(body.length), host: "127.0.0.1" };
		const answered = await server.fetch(
			new Request("http://127.0.0.1/v1/chat/completions", { method: "POST", headers, body, signal: abort.signal }),
		);
		assert.is(answered.status, 200);
		abort.abort();
		await released;
	});
});

test("a server that stops lets a stream end, and refuses what comes then", () => {
	const { promise: go, resolve } = Promise.withResolvers<void>();
	const slow: Reaction = async function* (signal) {
		yield { type: "text", text: "Once" };
		await go;
		yield* events(
			{ message: { role: "assistant", content: [{ type: "text", text: "Once more" }], tool_calls: [] } },
			{ type: "text", text: " more" },
		)(signal);
	};
	return servedByScript([slow], async ({ server, sdk }) => {
		const runner = sdk.chat.completions.stream({ model, messages });
		await new Promise<void>((first) => runner.once("content", () => first()));
		const closed = server.close({ drainMs: 60_000 });
		assert.instance(await failure(sdk.chat.completions.create({ model, messages })), OpenAI.APIConnectionError);
		resolve();
		assert.is(await runner.finalContent(), "Once more");
		assert.is(await closed, 0);
	});
});

test("a stream that outlasts the drain ends with an error that another try may mend", () => {
	const { reaction } = waiting({ type: "text", text: "Once" });
	return servedByScript([reaction], async ({ server, sdk }) => {
		const runner = sdk.chat.completions.stream({ model, messages });
		const ended = failure(runner.finalContent());
		await new Promise<void>((first) => runner.once("content", () => first()));
		assert.is(await server.close({ drainMs: 1 }), 1);
		assert.instance(await ended, OpenAI.OpenAIError);
	});
});

test("models are listed, and found by an id with a slash", () =>
	servedByScript([], async ({ sdk }) => {
		assert.equal(
			(await collect(sdk.models.list())).map(({ id }) => id),
			["small", "org/large"],
		);
		assert.is((await sdk.models.retrieve("org/large")).id, "org/large");
		assert.instance(await failure(sdk.models.retrieve("other")), OpenAI.NotFoundError);
	}));

test.run();
