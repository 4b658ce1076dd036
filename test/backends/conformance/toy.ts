/** A backend kind with an invented protocol, written as a kind outside the package is. The mutants are changes of it. */
import type { BackendContext } from "../../../generated/backends/backend.ts";
import type { OperationBackends } from "../../../generated/backends/operations.ts";
import type * as asr from "../../../generated/ir/asr.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import {
	AnswerCollector,
	abortError,
	authHeaders,
	type Backend,
	type BackendDefinition,
	type BackendKind,
	type ChatProtocol,
	chatOverHttp,
	chatResponse,
	DEFAULT_TIMEOUTS,
	defineBackend,
	HttpClient,
	type InstanceConfig,
	type JsonObject,
	malformedError,
	OptionReader,
	readEndpoint,
	SpearError,
	upstreamModel,
	VendorErrors,
} from "../../../src/backend.ts";

const errors = new VendorErrors({
	rows: [
		{ mark: "busy", means: "overloaded" },
		{ mark: "spent", means: "quota" },
	],
	reported: (value) => (typeof value === "object" && value !== null && "error" in value ? value.error : undefined),
	read: (value) =>
		typeof value === "object" && value !== null && "code" in value && typeof value.code === "string" ? { marks: [value.code] } : undefined,
});

const textOf = (value: unknown, wrong: (what: string) => Error): string => {
	if (typeof value === "string") return value;
	throw wrong("text is not a string");
};

/** Matches the last event of a stream. */
const LAST = /^\{"done":true\}$/;

/** Returns the protocol of an instance. */
export function toyProtocol(config: InstanceConfig): ChatProtocol {
	return {
		provider: config.name,
		errors,
		last: "done",
		request({ payload }) {
			if (payload.tools.length > 0) throw new SpearError("missing_capabilities", "tools: this backend has none");
			const model = upstreamModel(config, "chat_completions", payload.model);
			const messages = payload.messages.map(({ role, content }) => ({
				role,
				text: content.map((part) => (part.type === "text" ? part.text : "")).join(""),
			}));
			return { model, path: "/chat", json: { model, messages } };
		},
		parse(answer, context) {
			const wrong = (what: string): Error => malformedError(answer.exchange, what, answer.text);
			const value: JsonObject = errors.resultObject(answer, wrong);
			return chatResponse([{ type: "text", text: textOf(value.text, wrong) }], { finishReason: "stop" }, context, wrong);
		},
		begin(exchange, context) {
			const wrong = (what: string): Error => malformedError(exchange, what);
			const collector = new AnswerCollector(context, wrong);
			return {
				usage: undefined,
				*add(value) {
					if (value.done === true) return true;
					yield* collector.text(0, textOf(value.text, wrong));
					return false;
				},
				*complete() {
					yield { type: "completed", completed: chatResponse(collector.blocks(), { finishReason: "stop" }, context, wrong) };
				},
			};
		},
		open: (http, request) => http.openStream(request, LAST, { orJson: true, bodyEnds: true }),
	};
}

/** Functions of an operation that a call may have. */
export type ToyChat = OperationBackends["chat_completions"];
export type ToyTranscripts = Pick<OperationBackends["speech_to_text"], "unary">;

/** A deliberate fault of the toy. Each member replaces an honest part. */
export interface Mutation {
	readonly name?: string;
	/** Accepts unknown options. */
	readonly acceptsEverything?: boolean;
	readonly chat?: (honest: ToyChat, http: HttpClient) => Partial<ToyChat>;
	readonly transcripts?: (honest: ToyTranscripts) => Partial<ToyTranscripts>;
	readonly close?: (http: HttpClient) => Promise<void>;
	/** Replaces the finished instance. */
	readonly backend?: (honest: Backend) => Backend;
}

/** Returns an invented vendor's kind with chat and transcripts: the honest one, or one with a fault. */
export function toyKind(mutation: Mutation = {}): BackendKind {
	const { name = "toy", chat = (honest) => honest, transcripts = (honest) => honest, backend = (honest) => honest } = mutation;
	const definition: BackendDefinition = {
		name: "toy",
		create(config, network) {
			const reader = new OptionReader(config.name, config.options);
			const endpoint = readEndpoint(config, reader, { defaults: DEFAULT_TIMEOUTS, endpoints: ["/chat", "/transcripts"] });
			if (mutation.acceptsEverything !== true) reader.finish();
			const http = new HttpClient({ ...endpoint, ...(network === undefined ? {} : { network }), onStatus: errors.onStatus });
			return {
				operations: {
					chat_completions: { features: [], ...chat(chatOverHttp(http, endpoint, toyProtocol(config)), http) },
					speech_to_text: {
						features: [],
						...transcripts({ unary: (request, context) => transcribe(http, authHeaders(endpoint, context.apiKey), request, context) }),
					},
				},
				close: () => (mutation.close ?? ((client: HttpClient) => client.close()))(http),
			};
		},
	};
	const { create } = defineBackend(definition);
	return { name, create: (config, network) => backend(create(config, network)) };
}

/** Sends a recording as a form. */
async function transcribe(
	http: HttpClient,
	headers: Record<string, string>,
	{ payload }: RequestEnvelope<"speech_to_text">,
	{ signal, apiKey, media }: BackendContext,
): Promise<asr.Response> {
	if (signal.aborted) throw abortError(signal);
	const content = await media.open(payload.audio, signal);
	const { value, exchange } = await http.requestJson({
		method: "POST",
		path: "/transcripts?form=short",
		headers,
		multipart: [
			{ name: "language", value: payload.language ?? "any" },
			{ name: "audio", filename: "audio.wav", contentType: content.mimeType, size: content.size, content: () => content.stream() },
		],
		secret: apiKey,
		signal,
	});
	const wrong = (what: string): Error => malformedError(exchange, what);
	const { text } = errors.resultObject({ value, exchange }, wrong);
	return { text: textOf(text, wrong), segments: [], words: [] };
}
