import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";

/** Name of the tool, if the name of the schema is no name for a tool. */
const DEFAULT_NAME = "answer";

/**
 * Returns a backend whose upstream has tools but no JSON schema of the answer. The schema becomes the parameters of a tool that the model
 * must call. The arguments of the call become the text of the answer, and replace all other text. Requests without a schema pass unchanged.
 *
 * Tools of the guest beside a schema are refused: a model that must answer by one tool could never call the others.
 */
export function withSchemaByTool(backend: ChatCompletionsBackend): ChatCompletionsBackend {
	return {
		async unary(envelope, context) {
			const { payload } = envelope;
			const tool = answerTool(payload);
			if (tool === undefined) return backend.unary(envelope, context);
			return asText(await backend.unary({ ...envelope, payload: withTool(payload, tool) }, context), tool);
		},
		async *stream(envelope, context) {
			const { payload } = envelope;
			const tool = answerTool(payload);
			const events = backend.stream(tool === undefined ? envelope : { ...envelope, payload: withTool(payload, tool) }, context);
			if (tool === undefined) yield* events;
			else yield* textEvents(events, tool);
		},
	};
}

/** Returns the tool in place of the schema of a request, or `undefined` for a request without one. */
function answerTool({ response_format, tools }: cchat.Request): cchat.Tool | undefined {
	if (response_format?.type !== "json_schema") return undefined;
	if (tools.length > 0)
		throw new SpearError(
			"missing_capabilities",
			"response_format: this backend cannot enforce a JSON schema beside tools; ask for one of them, or describe the form in a message",
		);
	const { name, schema, strict } = response_format.json_schema;
	if (schema.type !== "object")
		throw new SpearError(
			"missing_capabilities",
			'response_format.json_schema.schema: this backend accepts only a schema whose type is "object"; wrap it into a property',
		);
	return {
		name: /^[\w-]{1,64}$/.test(name) ? name : DEFAULT_NAME,
		description: "Gives the answer. Call this tool once, with the whole answer as its arguments.",
		parameters: schema,
		...(strict === undefined ? {} : { strict }),
	};
}

function withTool({ response_format: _, ...payload }: cchat.Request, tool: cchat.Tool): cchat.Request {
	return { ...payload, tools: [tool], tool_choice: { type: "named", named: tool.name } };
}

/** Returns an answer with the arguments of the call as its text. An answer without the call, such as a refusal, stays as it is. */
function asText(response: cchat.Response, tool: cchat.Tool): cchat.Response {
	const { message, finish_reason } = response;
	const call = message.tool_calls.find(({ name }) => name === tool.name);
	if (call === undefined) return response;
	const content = message.content.filter(({ type }) => type !== "text" && type !== "annotation");
	return {
		...response,
		message: { ...message, content: [...content, { type: "text", text: call.arguments }], tool_calls: [] },
		finish_reason: finish_reason === "tool_calls" ? "stop" : finish_reason,
	};
}

/**
 * Yields the arguments of the call as they arrive, as text. Text beside the call is no part of the answer. Whether there is a call is known
 * at the end, so the text of an answer without one arrives with its end.
 */
async function* textEvents(events: AsyncIterable<cchat.Event>, tool: cchat.Tool): AsyncGenerator<cchat.Event, void, void> {
	let index: number | undefined;
	for await (const event of events) {
		if (event.type === "tool_call") {
			if (event.tool_call.name === tool.name) index ??= event.tool_call.index;
			if (event.tool_call.index === index && event.tool_call.arguments !== "") yield { type: "text", text: event.tool_call.arguments };
		} else if (event.type === "completed") {
			const completed = asText(event.completed, tool);
			if (completed === event.completed) yield* lateText(completed);
			yield { type: "completed", completed };
		} else if (event.type !== "text") yield event;
	}
}

function* lateText({ message }: cchat.Response): Generator<cchat.Event, void, void> {
	for (const part of message.content) if (part.type === "text" && part.text !== "") yield { type: "text", text: part.text };
}
