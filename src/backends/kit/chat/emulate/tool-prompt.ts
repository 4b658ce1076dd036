import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { historyArguments } from "../history-calls.ts";

/** Returns a request whose tools, calls and results are text. */
export function withToolPrompt({ tools, tool_choice, ...payload }: cchat.Request): cchat.Request {
	const messages = written(payload.messages);
	const params = payload.params === undefined ? {} : { params: withoutParallel(payload.params) };
	if (tools.length === 0 || tool_choice?.type === "none") return { ...payload, ...params, messages, tools: [] };
	return { ...payload, ...params, messages: withInstructions(messages, prompt(tools, tool_choice, payload.params)), tools: [] };
}

function withoutParallel({ parallel_tool_calls: _, ...params }: cchat.Params): cchat.Params {
	return params;
}

/** Returns the instructions. The form is the one of Hermes, which many open models were trained on. */
function prompt(tools: readonly cchat.Tool[], choice: cchat.ToolChoice | undefined, params: cchat.Params | undefined): string {
	const lines = tools.map(({ name, description, parameters }) => JSON.stringify({ name, description, parameters }));
	return [
		"You can call these tools. Each line describes one as JSON, with a JSON Schema of its arguments:",
		...lines,
		'To call a tool, write one JSON object between tags, and nothing after it: <tool_call>{"name": "…", "arguments": {…}}</tool_call>',
		params?.parallel_tool_calls === false ? "Call at most one tool in an answer." : "To call several tools, write several such lines.",
		"The results arrive in the next message, between <tool_response> tags. Write no results yourself.",
		...(choice?.type === "required" ? ["You must call at least one tool now."] : []),
		...(choice?.type === "named" ? [`You must call the tool ${choice.named} now.`] : []),
	].join("\n");
}

function withInstructions(messages: readonly cchat.Message[], text: string): cchat.Message[] {
	const [first, ...rest] = messages;
	const part: cchat.ContentPart = { type: "text", text };
	if (first?.role === "system") return [{ ...first, content: [...first.content, part] }, ...rest];
	return [{ role: "system", content: [part], tool_calls: [] }, ...messages];
}

/** Returns the conversation with its calls and results as text. Results that follow each other are one message of the user. */
function written(messages: readonly cchat.Message[]): cchat.Message[] {
	const names = new Map<string, string>();
	const sent: cchat.Message[] = [];
	let results: string[] = [];
	const flush = (): void => {
		if (results.length > 0) sent.push({ role: "user", content: [{ type: "text", text: results.join("\n") }], tool_calls: [] });
		results = [];
	};
	for (const message of messages) {
		if (message.role === "tool") {
			results.push(result(message, names.get(message.tool_call_id ?? "")));
			continue;
		}
		flush();
		for (const { id, name } of message.tool_calls) names.set(id, name);
		sent.push(message.tool_calls.length === 0 ? message : withCalls(message));
	}
	flush();
	return sent;
}

function withCalls(message: cchat.Message): cchat.Message {
	const calls = message.tool_calls.map(
		({ name, arguments: args }) => `<tool_call>{"name": ${JSON.stringify(name)}, "arguments": ${historyArguments(args)}}</tool_call>`,
	);
	return { ...message, content: [...message.content, { type: "text", text: calls.join("\n") }], tool_calls: [] };
}

function result({ content, is_error }: cchat.Message, name: string | undefined): string {
	const text = content.map((part) => (part.type === "text" ? part.text : "")).join("");
	const body = is_error === true ? { name, error: text } : { name, content: text };
	return `<tool_response>${JSON.stringify(body)}</tool_response>`;
}
