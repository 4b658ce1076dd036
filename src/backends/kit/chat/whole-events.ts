import type * as cchat from "../../../../generated/ir/cchat.ts";

/** Yields the events of a whole answer, as a stream would have yielded them. The last is `completed`. */
export function* wholeEvents(response: cchat.Response): Generator<cchat.Event, void, void> {
	for (const part of response.message.content) {
		if (part.type === "text") yield { type: "text", text: part.text };
		else if (part.type === "refusal") yield { type: "refusal", refusal: part.refusal };
		else if (part.type === "reasoning") yield { type: "reasoning", reasoning: part.reasoning.text };
	}
	for (const [index, call] of response.message.tool_calls.entries()) yield { type: "tool_call", tool_call: { index, ...call } };
	if (response.usage !== undefined) yield { type: "usage", usage: response.usage };
	yield { type: "completed", completed: response };
}
