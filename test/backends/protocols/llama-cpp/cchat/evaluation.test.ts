import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { causeChain } from "../../../../../src/errors/cause-chain.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { chatEnvelope, collect, say } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";
import { failureOf, fakeInstance } from "../instance.ts";

const HELLO = chatEnvelope();

/** Returns a promise, and the function that resolves it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
	const { promise, resolve } = Promise.withResolvers<void>();
	return { opened: promise, open: resolve };
}

test("requests of one model run one after the other, in the order of their arrival", async () => {
	const { library, chat } = fakeInstance();
	const log: string[] = [];
	library.answer = async ({ history: [question] }) => {
		const text = question?.type === "user" ? question.text : "";
		log.push(`${text} starts`);
		await new Promise(setImmediate);
		log.push(`${text} ends`);
		return { response: "", metadata: { stopReason: "eogToken" } };
	};
	await Promise.all(["A", "B", "C"].map((text) => chat.unary(chatEnvelope({ messages: [say("user", text)] }), contextOf())));
	assert.equal(log, ["A starts", "A ends", "B starts", "B ends", "C starts", "C ends"]);
	assert.equal(library.loaded, ["/models/tiny.gguf"], "the model is loaded once");
});

test("a request beyond the bound of waiting ones is refused, and may be repeated", async () => {
	const { library, chat } = fakeInstance({ max_pending_requests: 1 });
	const { opened, open } = gate();
	library.load = () => opened;
	const first = chat.unary(HELLO, contextOf());
	const second = chat.unary(HELLO, contextOf());
	const failure = await failureOf(chat.unary(HELLO, contextOf()));
	assert.ok(failure instanceof SpearError);
	assert.equal([failure.code, failure.retryable, failure.attribution, failure.processed], ["rate_limited", true, "request", "no"]);
	open();
	await Promise.all([first, second]);
});

test("guests take turns at a model", async () => {
	const { library, chat } = fakeInstance();
	const order: string[] = [];
	library.answer = async ({ history: [question] }) => {
		order.push(question?.type === "user" ? question.text : "");
		return { response: "", metadata: { stopReason: "eogToken" } };
	};
	const ask = (guest: string) => chat.unary(chatEnvelope({ messages: [say("user", guest)] }), contextOf({ guest }));
	await Promise.all(["many", "many", "many", "few"].map(ask));
	assert.equal(order, ["many", "few", "many", "many"]);
});

test("an aborted request leaves the queue at once, and its place is free", async () => {
	const { library, chat } = fakeInstance({ max_pending_requests: 1 });
	const { opened, open } = gate();
	library.load = () => opened;
	const first = chat.unary(HELLO, contextOf());
	const abort = new AbortController();
	const second = failureOf(chat.unary(HELLO, contextOf({ signal: abort.signal })));
	abort.abort();
	assert.match(String(await second), "SpearError [cancelled]");
	const third = chat.unary(HELLO, contextOf());
	open();
	await Promise.all([first, third]);
	assert.is(library.requests.length, 2);
});

test("an abort in mid-answer fails at once, and the next request waits for the end of the step", async () => {
	const { library, chat } = fakeInstance();
	const { opened, open } = gate();
	const started = gate();
	let sawAbort = false;
	library.answer = async ({ options }) => {
		if (library.requests.length > 1) return { response: "", metadata: { stopReason: "eogToken" } };
		options.onResponseChunk({ text: "Once" });
		started.open();
		await opened;
		sawAbort = options.signal.aborted;
		throw options.signal.reason;
	};
	const abort = new AbortController();
	const failure = failureOf(chat.unary(HELLO, contextOf({ signal: abort.signal })));
	await started.opened;
	abort.abort(new SpearError("timeout", "too slow"));
	assert.is(String(await failure), "SpearError [timeout]: too slow");
	const next = chat.unary(HELLO, contextOf());
	assert.is(library.requests.length, 1);
	open();
	await next;
	assert.ok(sawAbort);
});

test("an abort during the evaluation of a prompt stops after the current piece", async () => {
	const { library, chat } = fakeInstance();
	const { opened, open } = gate();
	const started = gate();
	library.sequence.step = () => {
		started.open();
		return opened;
	};
	const abort = new AbortController();
	const envelope = chatEnvelope({ messages: [say("user", "x".repeat(200))] });
	const failure = failureOf(chat.unary(envelope, contextOf({ signal: abort.signal })));
	await started.opened;
	abort.abort();
	assert.match(String(await failure), "SpearError [cancelled]");
	open();
	await chat.unary(HELLO, contextOf());
	assert.equal(library.sequence.evaluated, [128, 2], "one piece of the first prompt, and all but the last token of the second");
});

test("a consumer that leaves the stream aborts the evaluation", async () => {
	const { library, chat } = fakeInstance();
	const aborted = gate();
	library.answer = async ({ options }) => {
		options.signal.addEventListener("abort", aborted.open);
		options.onResponseChunk({ text: "Once" });
		await aborted.opened;
		throw options.signal.reason;
	};
	for await (const event of chat.stream(HELLO, contextOf())) {
		assert.equal(event, { type: "text", text: "Once" });
		break;
	}
	await aborted.opened;
});

test("a stream whose evaluation fails yields what came before, then fails", async () => {
	const { library, chat } = fakeInstance();
	library.answer = async ({ options }) => {
		options.onResponseChunk({ text: "Once" });
		throw new Error("decode failed at /models/tiny.gguf");
	};
	const texts: string[] = [];
	const failure = await failureOf(
		(async () => {
			for await (const event of chat.stream(HELLO, contextOf())) if (event.type === "text") texts.push(event.text);
		})(),
	);
	assert.equal(texts, ["Once"]);
	assert.ok(failure instanceof SpearError);
	assert.is(String(failure), "SpearError [backend_error]: the model's answer failed; the host's log has the reason");
	assert.match(String(failure.cause), "decode failed");
});

test("a schema that makes no grammar is the fault of the request", async () => {
	const { library, chat } = fakeInstance();
	library.answer = async () => {
		throw new Error("Failed to parse grammar");
	};
	const failure = await failureOf(chat.unary(HELLO, contextOf()));
	assert.ok(failure instanceof SpearError);
	assert.equal([failure.code, failure.attribution], ["invalid_request", "request"]);
});

test("a conversation that the template refuses is the fault of the request", async () => {
	const { library, chat } = fakeInstance();
	library.resolveChatWrapper = () => ({
		generateContextState() {
			throw new Error("Conversation roles must alternate");
		},
	});
	assert.match(String(await failureOf(chat.unary(HELLO, contextOf()))), "SpearError [invalid_request]: messages: the model's template");
});

test("a conversation that does not fit is refused, without evaluation", async () => {
	const { library, chat } = fakeInstance();
	const send = (length: number): Promise<unknown> => chat.unary(chatEnvelope({ messages: [say("user", "x".repeat(length))] }), contextOf());
	await send(249);
	assert.match(
		String(await failureOf(send(255))),
		"SpearError [invalid_request]: messages: the context of the model holds 256 tokens, and it has more; send less",
	);
	assert.match(String(await failureOf(send(256 * 16 + 1))), "SpearError [invalid_request]: messages: the context");
	assert.is(library.requests.length, 1);
});

test("only the same conversation goes on from its evaluated beginning", async () => {
	const { library, chat } = fakeInstance();
	const send = async (text: string, session_key?: string): Promise<number | undefined> => {
		const envelope: RequestEnvelope<"chat_completions"> = chatEnvelope({ messages: [say("user", text)] });
		const routing = { ...envelope.routing, ...(session_key === undefined ? {} : { session_key }) };
		return (await chat.unary({ ...envelope, routing }, contextOf())).usage?.cached_input_tokens;
	};
	const [ann, bob] = ["conversation 3f0e6c1a-2b4d-4c5e-8f60-718293a4b5c6", "conversation 9b8a7c6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d"];
	assert.is(await send("secret plan", ann), undefined);
	assert.is(await send("secret plan B", ann), "secret plan".length);
	assert.is(await send("secret plan", bob), undefined, "another conversation learns nothing of it");
	assert.is(await send("secret plan", "shared"), undefined);
	assert.is(await send("secret plan", "shared"), undefined, "two guests may choose the same key");
	assert.is(await send("secret plan"), undefined);
	assert.is(await send("secret plan"), undefined);
	assert.is(library.requests.length, 7);
});

const UNUSABLE = 'the model "tiny" cannot be loaded; its operator must check its file';

test("a model that could not be loaded is loaded by the next request", async () => {
	const { library, chat } = fakeInstance();
	library.load = async () => {
		throw new Error("no such file: /models/tiny.gguf");
	};
	const failure = await failureOf(chat.unary(HELLO, contextOf()));
	assert.ok(failure instanceof SpearError);
	assert.is(causeChain(failure), `${UNUSABLE}: /models/tiny.gguf: no such file`);
	assert.is(failure.message, UNUSABLE, "a guest sees no path");
	library.load = async () => {};
	assert.is((await chat.unary(HELLO, contextOf())).finish_reason, "stop");
});

test("closing aborts requests in flight and releases the models after the current step", async () => {
	const { library, backend, chat } = fakeInstance();
	const { opened, open } = gate();
	const started = gate();
	library.answer = async () => {
		started.open();
		await opened;
		return { response: "", metadata: { stopReason: "eogToken" } };
	};
	const failure = failureOf(collect(chat.stream(HELLO, contextOf())));
	const waiting = failureOf(chat.unary(HELLO, contextOf()));
	await started.opened;
	const closed = backend.close();
	for (const each of [failure, waiting]) assert.match(String(await each), "[cancelled]: the backend was shut down");
	assert.not(library.isDisposed);
	open();
	await closed;
	assert.ok(library.isDisposed);
	assert.match(String(await failureOf(chat.unary(HELLO, contextOf()))), "[cancelled]");
});

test("an instance without requests loads neither the library nor a model", async () => {
	const { library, backend } = fakeInstance();
	await backend.close();
	assert.is(library.starts, 0);
});

test.run();
