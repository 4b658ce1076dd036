import { openaiResponses } from "../../../../src/backends/kinds/openai-responses/index.ts";
import { upstreamOf, type WithUpstream } from "../../kind-upstream.ts";

/** The key of every test. No error may hold it. */
export const KEY = "sk-responses-canary-71c0de5ab2";

/** Runs a test against an instance whose upstream plays a script. Fails if a connection is open after it. */
export const upstream: WithUpstream = upstreamOf(openaiResponses, { model: "gpt", apiKey: KEY });

/** An item, an event or a part in the form of the API. */
export type Wire = { readonly type: string; readonly [name: string]: unknown };

const USAGE = {
	input_tokens: 20,
	input_tokens_details: { cached_tokens: 3, cache_write_tokens: 5 },
	output_tokens: 40,
	output_tokens_details: { reasoning_tokens: 9 },
	total_tokens: 60,
};

/** The usage of {@link wholeResponse} in the IR. */
export const IR_USAGE = {
	input_tokens: 20,
	output_tokens: 40,
	total_tokens: 60,
	cached_input_tokens: 3,
	reasoning_tokens: 9,
	cache_write_tokens: 5,
};

/** Returns a whole response in the form of the API. */
export function wholeResponse(output: readonly Wire[], more: object = {}): { readonly [name: string]: unknown } {
	return {
		id: "resp_1",
		object: "response",
		created_at: 1_796_000_000,
		status: "completed",
		error: null,
		incomplete_details: null,
		instructions: null,
		metadata: {},
		model: "gpt-5.6",
		output,
		parallel_tool_calls: true,
		store: false,
		temperature: 1,
		tool_choice: "auto",
		tools: [],
		top_p: 1,
		usage: USAGE,
		...more,
	};
}

/** Returns a message of the model. Each part is a text, or a part in the form of the API. */
export function message(...content: (string | Wire)[]): Wire {
	const parts = content.map((part) =>
		typeof part === "string" ? { type: "output_text", text: part, annotations: [], logprobs: [] } : part,
	);
	return { id: "msg_1", type: "message", status: "completed", role: "assistant", content: parts };
}

/** Returns a call of a function. */
export function call(call_id: string, name: string, args: string): Wire {
	return { id: `fc_${call_id}`, type: "function_call", status: "completed", call_id, name, arguments: args };
}

/** Returns reasoning in encrypted form. */
export function reasoning(id: string, ...summary: string[]): Wire {
	return {
		id,
		type: "reasoning",
		summary: summary.map((text) => ({ type: "summary_text", text })),
		encrypted_content: `gAAA-${id}/+=`,
	};
}

/** Returns the events of a stream with these items, as OpenAI sends them: texts in pieces of three characters. */
export function responseStream(output: readonly Wire[], more: object = {}): Wire[] {
	const started = wholeResponse([], { status: "in_progress", usage: null });
	const whole = wholeResponse(output, more);
	const events: Wire[] = [
		{ type: "response.created", response: started },
		{ type: "response.in_progress", response: started },
		...output.flatMap(itemEvents),
		{ type: whole.status === "incomplete" ? "response.incomplete" : "response.completed", response: whole },
	];
	return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function itemEvents(item: Wire, output_index: number): Wire[] {
	const place = { item_id: item.id, output_index };
	return [
		{ type: "response.output_item.added", output_index, item: begun(item) },
		...pieceEvents(item).map((event) => ({ ...event, ...place })),
		{ type: "response.output_item.done", output_index, item },
	];
}

/** Returns an item as it is when it begins. */
function begun(item: Wire): Wire {
	switch (item.type) {
		case "message":
			return { ...item, status: "in_progress", content: [] };
		case "reasoning":
			return { ...item, summary: [], encrypted_content: "gAAA" };
		case "function_call":
			return { ...item, status: "in_progress", arguments: "" };
		default:
			return { ...item, status: "in_progress" };
	}
}

function pieceEvents(item: Wire): Wire[] {
	if (item.type === "function_call")
		return [
			...pieces(item.arguments).map((delta) => ({ type: "response.function_call_arguments.delta", delta })),
			{ type: "response.function_call_arguments.done", arguments: item.arguments },
		];
	if (item.type === "reasoning") {
		return partsIn(item.summary).flatMap((part, summary_index) =>
			[
				{ type: "response.reasoning_summary_part.added", part: { ...part, text: "" } },
				...pieces(part.text).map((delta) => ({ type: "response.reasoning_summary_text.delta", delta })),
				{ type: "response.reasoning_summary_text.done", text: part.text },
				{ type: "response.reasoning_summary_part.done", part },
			].map((event) => ({ ...event, summary_index })),
		);
	}
	if (item.type !== "message") return [{ type: `response.${item.type}.in_progress` }];
	return partsIn(item.content).flatMap((part, content_index) => {
		const [name, member] = part.type === "refusal" ? ["refusal", "refusal"] : ["output_text", "text"];
		return [
			{ type: "response.content_part.added", part: { ...part, [member]: "", annotations: [] } },
			...pieces(part[member]).map((delta) => ({ type: `response.${name}.delta`, delta })),
			...partsIn(part.annotations).map((annotation, annotation_index) => ({
				type: "response.output_text.annotation.added",
				annotation,
				annotation_index,
			})),
			{ type: `response.${name}.done`, [member]: part[member] },
			{ type: "response.content_part.done", part },
		].map((event) => ({ ...event, content_index }));
	});
}

/** Returns the parts in a member of an item. */
export function partsIn(value: unknown): readonly Wire[] {
	return Array.isArray(value) ? value : [];
}

/** Returns a text in pieces of three characters. */
export function pieces(text: unknown): readonly string[] {
	return String(text).match(/.{1,3}/gsu) ?? [];
}

/** Returns the bytes of a stream. */
export function wire(events: readonly Wire[]): Buffer {
	return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
}
