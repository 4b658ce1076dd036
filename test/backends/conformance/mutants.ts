/** Deliberate faults of a backend kind, and the cases of the suite that must find each. */
import type { BackendContext } from "../../../generated/backends/backend.ts";
import type * as cchat from "../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import { allPass, type HttpClient, SpearError } from "../../../src/backend.ts";
import type { Mutation, ToyChat } from "./toy.ts";

/** A fault, and patterns of the names of the cases that find the fault. */
export interface Mutant extends Mutation {
	readonly found: readonly RegExp[];
}

type ChatArguments = readonly [request: RequestEnvelope<"chat_completions">, context: BackendContext];

/** Changes the arguments of each call. */
const calledWith =
	(change: (...args: ChatArguments) => ChatArguments) =>
	(honest: ToyChat): ToyChat => ({
		unary: (...args) => honest.unary(...change(...args)),
		stream: (...args) => honest.stream(...change(...args)),
	});

/** Changes the events of each stream. */
const streaming =
	(change: (events: AsyncIterable<cchat.Event>, context: BackendContext) => AsyncIterable<cchat.Event>) =>
	(honest: ToyChat): ToyChat => ({ ...honest, stream: (request, context) => change(honest.stream(request, context), context) });

/** Changes the error of each call. */
const failingWith =
	(change: (error: SpearError, context: BackendContext) => SpearError) =>
	(honest: ToyChat): ToyChat => ({
		async unary(request, context) {
			try {
				return await honest.unary(request, context);
			} catch (thrown) {
				throw change(SpearError.from(thrown), context);
			}
		},
		async *stream(request, context) {
			try {
				yield* honest.stream(request, context);
			} catch (thrown) {
				throw change(SpearError.from(thrown), context);
			}
		},
	});

const answerOf = (text: string): cchat.Response => ({
	model: "toy-1",
	message: { role: "assistant", content: text === "" ? [] : [{ type: "text", text }], tool_calls: [] },
	finish_reason: "stop",
});

/** Takes each failure for the end of the answer. */
const swallowing = (honest: ToyChat): ToyChat => ({
	unary: (request, context) => honest.unary(request, context).catch(() => answerOf("")),
	async *stream(request, context) {
		let text = "";
		try {
			for await (const event of honest.stream(request, context)) {
				if (event.type === "text") text += event.text;
				yield event;
			}
		} catch {
			yield { type: "completed", completed: answerOf(text) };
		}
	},
});

/** Takes the first chunk for the whole answer, and decodes each chunk of a stream by itself. */
const decodingChunks = (_: ToyChat, http: HttpClient): Partial<ToyChat> => ({
	async unary(_request, { signal }) {
		const { chunks } = await http.openBytes({ method: "POST", path: "/chat", json: {}, signal }, "application/json");
		const first = await chunks.next();
		return answerOf(/"text":"([^"]*)"/.exec(new TextDecoder().decode(first.value ?? new Uint8Array()))?.[1] ?? "");
	},
	async *stream(_request, { signal }) {
		const { chunks } = await http.openBytes({ method: "POST", path: "/chat", json: {}, signal }, "text/event-stream");
		let text = "";
		for await (const chunk of chunks) {
			for (const [, piece = ""] of new TextDecoder().decode(chunk).matchAll(/data: \{"text":"([^"]*)"\}\n\n/g)) {
				text += piece;
				yield { type: "text", text: piece };
			}
		}
		yield { type: "completed", completed: answerOf(text) };
	},
});

const after = async <T>(value: T, wait: Promise<unknown>): Promise<T> => {
	await wait;
	return value;
};

/** Lets one call wait for the one before. */
const oneByOne = (honest: ToyChat): ToyChat => {
	let last: Promise<unknown> = Promise.resolve();
	return {
		unary(request, context) {
			const mine = last.then(() => honest.unary(request, context));
			last = mine.catch(() => {});
			return mine;
		},
		async *stream(request, context) {
			const before = last;
			const { promise, resolve } = Promise.withResolvers<void>();
			last = promise;
			try {
				await before;
				yield* honest.stream(request, context);
			} finally {
				resolve();
			}
		},
	};
};

/** Aborts all calls with the signal of one. */
const sharingAborts = (honest: ToyChat): ToyChat => {
	const shared = new AbortController();
	return calledWith((request, context) => {
		context.signal.addEventListener("abort", () => shared.abort(context.signal.reason), { once: true });
		return [request, { ...context, signal: AbortSignal.any([shared.signal, context.signal]) }];
	})(honest);
};

/** Hides the `return` of the iterator, so that leaving a stream is not noticed. */
const deafToReturn = streaming((events) => {
	const source = events[Symbol.asyncIterator]();
	return { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) };
});

const fault = (class_: string): RegExp => new RegExp(`the fault "${class_}" becomes its error$`);

/** Names of timers that a mutant has started. */
export const leftTimers: NodeJS.Timeout[] = [];

/** The mutants by name. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
	"drops the system message": {
		chat: calledWith((request, context) => [
			{ ...request, payload: { ...request.payload, messages: request.payload.messages.filter(({ role }) => role !== "system") } },
			context,
		]),
		found: [/is the upstream's request$/],
	},
	"sends another language": {
		transcripts: ({ unary }) => ({
			unary: (request, context) => unary({ ...request, payload: { ...request.payload, language: "de" } }, context),
		}),
		found: [/a call of "a recording" is the upstream's request$/],
	},
	"sends no key": {
		chat: calledWith((request, context) => [request, { ...context, apiKey: undefined }]),
		found: [/is the upstream's request$/],
	},
	"sends each request twice": {
		chat: (honest) => ({
			...honest,
			unary: async (...args) =>
				after(
					await honest.unary(...args),
					honest.unary(...args).catch(() => {}),
				),
		}),
		found: [/a call of "a conversation" is the upstream's request$/],
	},
	"changes the text of whole answers": {
		chat: (honest) => ({ ...honest, unary: async (...args) => after(answerOf("Blue kite"), honest.unary(...args)) }),
		found: [/the whole answer "a kite" is read exactly$/],
	},
	"returns results of another shape": {
		chat: (honest) => ({
			...honest,
			unary: async (...args) => after({ ...answerOf("Red kïte"), model: 7 } as never, honest.unary(...args)),
		}),
		found: [/the whole answer "a kite" is read exactly$/],
	},
	"changes the result of streams": {
		chat: streaming(async function* (events) {
			for await (const event of events) yield event.type === "completed" ? { type: "completed", completed: answerOf("Red") } : event;
		}),
		found: [/the stream "a kite" is read exactly/, /to a call for a stream has the same result$/],
	},
	"loses an event": {
		chat: streaming(async function* (events) {
			for await (const event of events) if (event.type !== "text" || event.text !== "Red ") yield event;
		}),
		found: [/the stream "a kite" is read exactly/],
	},
	"goes on after the end of a stream": {
		chat: streaming(async function* (events) {
			yield* events;
			yield { type: "text", text: "!" };
		}),
		found: [/the stream "a kite" is read exactly/],
	},
	"ends streams without completed": {
		chat: streaming(async function* (events) {
			for await (const event of events) if (event.type !== "completed") yield event;
		}),
		found: [/the stream "a kite" is read exactly/],
	},
	"throws errors without a code": {
		chat: (honest) => ({ ...honest, unary: (...args) => honest.unary(...args).catch(() => Promise.reject(new Error("no"))) }),
		found: [fault("bad_request"), /an empty list becomes a typed error$/],
	},
	"takes failures for the end of the answer": {
		chat: swallowing,
		found: [
			/ends early$/,
			/if its connection breaks$/,
			/the fault ".*" becomes its error$/,
			/the fault "no room" within a successful answer becomes its error$/,
			/.* becomes a typed error$/,
		],
	},
	"decodes chunks by themselves": { chat: decodingChunks, found: [/is the same if its bytes are split/] },
	"refuses nothing": {
		chat: calledWith((request, context) => [{ ...request, payload: { ...request.payload, tools: [] } }, context]),
		found: [/a call with "a tool" is refused without a request to the upstream$/],
	},
	"has one code for all errors": {
		chat: failingWith((error) => new SpearError("internal", error.message)),
		found: [/the fault ".*" becomes its error$/, /.* becomes a typed error$/],
	},
	"retries nothing": {
		chat: failingWith((error) => error.with({ retryable: false })),
		found: [fault("rate_limit"), fault("overloaded"), fault("server_failure"), fault("a gateway's timeout")],
	},
	"retries everything": {
		chat: failingWith((error) => error.with({ retryable: true })),
		found: [fault("bad_request"), fault("bad_key"), fault("forbidden"), fault("unknown_model"), fault("quota")],
	},
	"holds everything against the backend": {
		chat: failingWith((error) => error.with({ attribution: "backend" })),
		found: [fault("bad_key"), fault("quota"), fault("overloaded")],
	},
	"ignores Retry-After": {
		chat: failingWith(
			({ code, message, retryable, attribution, processed }) => new SpearError(code, message, { retryable, attribution, processed }),
		),
		found: [fault("rate_limit")],
	},
	"repeats its key in messages": {
		chat: failingWith((error, { apiKey }) => new SpearError(error.code, `${error.message} ${apiKey}`)),
		found: [/the key appears in no error when .* repeats the key$/],
	},
	"keeps its key in a cause": {
		chat: failingWith((error, { apiKey }) => error.with({ cause: Object.assign(new Error("no"), { headers: { apiKey } }) })),
		found: [/the key appears in no error when the fault "bad_key" repeats the key$/],
	},
	"takes failures of transcripts for silence": {
		transcripts: ({ unary }) => ({ unary: (...args) => unary(...args).catch(() => ({ text: "", segments: [], words: [] })) }),
		found: [/speech_to_text: .*(?:becomes its error|becomes a typed error|ends early|if its connection breaks)$/],
	},
	"ignores aborts": {
		chat: calledWith((request, context) => [request, { ...context, signal: new AbortController().signal }]),
		found: [
			/whose signal is aborted before sends nothing$/,
			/an abort of a (?:call|stream) that awaits its answer closes the connection/,
			/an abort of a (?:call|stream) within its answer closes the connection/,
			/that is aborted ends with the reason of the abort$/,
			/an abort of one of 8 concurrent/,
		],
	},
	"has one reason for all aborts": {
		chat: failingWith((error) => (error.code === "timeout" ? new SpearError("cancelled", error.message) : error)),
		found: [/that is aborted ends with the reason of the abort$/],
	},
	"is deaf to the end of a stream": { chat: deafToReturn, found: [/leaving a stream closes the connection to the upstream$/] },
	"closes nothing": {
		close: async () => {},
		found: [/close\(\) ends a (?:call|stream) in flight with cancelled$/, /after close\(\) fails without a request to the upstream$/],
	},
	"leaves a connection open": { close: async () => {}, found: [/close\(\) after a (?:call|stream) leaves no connection and no timer$/] },
	"leaves a timer": {
		close: async (http) => {
			leftTimers.push(setInterval(() => {}, 60_000));
			await http.close();
		},
		found: [/close\(\) after a (?:call|stream) leaves no connection and no timer$/],
	},
	"serves one call at a time": { chat: oneByOne, found: [/8 concurrent (?:calls|streams) all have the answer$/] },
	"aborts all calls with one": {
		chat: sharingAborts,
		found: [/an abort of one of 8 concurrent (?:calls|streams) ends no other$/],
	},
	"has a name that no configuration can hold": { name: "Toy kind", found: [/the name of the kind can stand in a configuration$/] },
	"accepts unknown options": { acceptsEverything: true, found: [/an unknown option is refused with its name$/] },
	"declares a transport that it lacks": {
		backend: (honest) => ({
			...honest,
			operations: { ...honest.operations, embeddings: undefined },
			capabilities: { ...honest.capabilities, embeddings: { features: [], transports: ["unary"], rules: allPass("embeddings") } },
		}),
		found: [/each declared transport is implemented, and each implementation declared$/],
	},
	"serves an operation without a fixture": {
		backend: (honest) => ({
			...honest,
			operations: { ...honest.operations, embeddings: { unary: async () => ({ model: "m", vectors: [], dimensions: 1 }) } },
			capabilities: { ...honest.capabilities, embeddings: { features: [], transports: ["unary"], rules: allPass("embeddings") } },
		}),
		found: [/each operation has a fixture$/],
	},
};
