/** Text of `chat.ts`. */
export function chatTemplate(): string {
	return `import {
	AnswerCollector,
	allPass,
	type ChatProtocol,
	chatOverHttp,
	chatResponse,
	drop,
	type FieldRules,
	type HttpClient,
	type InstanceConfig,
	malformedError,
	reject,
	ruleGroups,
	SpearError,
	upstreamModel,
} from "spear-hostcall/backend";
import { errors } from "./errors.ts";
import type { Options } from "./options.ts";

const { each, under } = ruleGroups("chat_completions");

/** Treatment of every field of a request. What is rejected here, \`request\` below refuses; what is dropped, it leaves out. */
export const CHAT_RULES: FieldRules<"chat_completions"> = {
	...allPass("chat_completions"),
	...under("tools", reject("the upstream has no tools")),
	...under("tool_choice", reject("the upstream has no tools")),
	...under("messages.tool_calls", reject("the upstream has no tools")),
	...under("response_format", reject("the upstream answers with text only")),
	...under("messages.content.image", reject("the upstream takes text only")),
	...under("messages.content.audio", reject("the upstream takes text only")),
	...under("messages.content.file", reject("the upstream takes text only")),
	...under("messages.content.reasoning", drop("the upstream has no reasoning")),
	...under("messages.content.annotation", drop("the upstream has no citations")),
	...each(["messages.content.refusal", "messages.content.opaque", "messages.name"], drop("the upstream takes text only")),
	...each(["params.top_p", "params.seed", "params.presence_penalty", "params.frequency_penalty"], drop("the upstream has no such parameter")),
	...each(["params.stop", "params.reasoning_effort", "params.parallel_tool_calls"], drop("the upstream has no such parameter")),
};

/** \`chat_completions\` over \`POST /chat\`. */
export function chat(http: HttpClient, config: InstanceConfig, options: Options) {
	return chatOverHttp(http, options, protocol(config, options));
}

/** The data of the last event of a stream. */
const LAST = /^\\{"done":true/;

function protocol(config: InstanceConfig, options: Options): ChatProtocol {
	return {
		provider: config.name,
		errors,
		last: "done",
		request({ payload }, isStreamed) {
			const { messages, tools, response_format, params } = payload;
			if (tools.length > 0) throw new SpearError("missing_capabilities", "tools: this backend has no tools");
			if (response_format !== undefined && response_format.type !== "text")
				throw new SpearError("missing_capabilities", "response_format: this backend answers with text only");
			const model = upstreamModel(config, "chat_completions", payload.model);
			return {
				model,
				path: "/chat",
				json: {
					model,
					messages: messages.map(({ role, content }) => ({ role, text: content.map(textOf).join("\\n") })),
					max_tokens: params?.max_output_tokens ?? options.defaultMaxTokens,
					...(params?.temperature === undefined ? {} : { temperature: params.temperature }),
					...(isStreamed ? { stream: true } : {}),
				},
			};
		},
		parse(answer, context) {
			const wrong = (what: string): Error => malformedError(answer.exchange, what, answer.text);
			const { text, finish } = errors.resultObject(answer, wrong);
			if (typeof text !== "string") throw wrong("text is not a string");
			return chatResponse([{ type: "text", text }], { finishReason: finish === "length" ? "length" : "stop" }, context, wrong);
		},
		begin(exchange, context) {
			const wrong = (what: string): Error => malformedError(exchange, what);
			const collector = new AnswerCollector(context, wrong);
			let finish: unknown;
			return {
				usage: undefined,
				*add(event) {
					if (event.done === true) {
						finish = event.finish;
						return true;
					}
					if (typeof event.text !== "string") throw wrong("text is not a string");
					yield* collector.text(0, event.text);
					return false;
				},
				*complete() {
					const end = { finishReason: finish === "length" ? "length" : "stop" } as const;
					yield { type: "completed", completed: chatResponse(collector.blocks(), end, context, wrong) };
				},
			};
		},
		// For an upstream that streams a JSON value a line: add \`format: "json_lines"\`.
		open: (client, request) => client.openStream(request, LAST, { orJson: true, bodyEnds: true }),
	};
}

function textOf(part: { readonly type: string; readonly text?: string }): string {
	if (part.type === "text") return part.text ?? "";
	if (part.type === "image" || part.type === "audio" || part.type === "file")
		throw new SpearError("missing_capabilities", \`messages: this backend takes no \${part.type}\`);
	return "";
}
`;
}

/** Text of `embeddings.ts`. */
export function embeddingsTemplate(): string {
	return `import {
	abortError,
	allPass,
	authHeaders,
	type FieldRules,
	type HttpClient,
	type InstanceConfig,
	malformedError,
	type OperationBackends,
	reject,
	SpearError,
	upstreamModel,
} from "spear-hostcall/backend";
import { errors } from "./errors.ts";
import type { Options } from "./options.ts";

/** Treatment of every field of a request. */
export const EMBEDDINGS_RULES: FieldRules<"embeddings"> = {
	...allPass("embeddings"),
	dimensions: reject("the upstream's vectors have one length"),
	input_type: reject("the upstream treats all texts alike"),
};

/** \`embeddings\` over \`POST /embed\`. */
export function embeddings(http: HttpClient, config: InstanceConfig, options: Options): OperationBackends["embeddings"] {
	return {
		async unary({ payload }, { signal, apiKey }) {
			if (signal.aborted) throw abortError(signal);
			if (payload.dimensions !== undefined || payload.input_type !== undefined)
				throw new SpearError("missing_capabilities", "dimensions and input_type: this backend has neither");
			const model = upstreamModel(config, "embeddings", payload.model);
			const answer = await http.requestJson({
				method: "POST",
				path: "/embed",
				headers: authHeaders(options, apiKey),
				json: { model, texts: payload.input },
				secret: apiKey,
				signal,
			});
			const wrong = (what: string): Error => malformedError(answer.exchange, what, answer.text);
			const vectors = vectorsOf(errors.resultObject(answer, wrong).vectors, wrong);
			if (vectors.length !== payload.input.length) throw wrong(\`it has \${vectors.length} vectors for \${payload.input.length} texts\`);
			return { model, vectors, dimensions: vectors[0]?.length ?? 0 };
		},
	};
}

function vectorsOf(value: unknown, wrong: (what: string) => Error): Float32Array[] {
	if (!Array.isArray(value)) throw wrong("vectors is not a list");
	return value.map((vector: unknown) => {
		if (!Array.isArray(vector) || !vector.every((number) => typeof number === "number")) throw wrong("a vector is not a list of numbers");
		return Float32Array.from(vector);
	});
}
`;
}
