import type * as cchat from "../../generated/ir/cchat.ts";

/** Builds an assistant message from stream events, for the partial answer of a stream that fails. */
export class MessageBuilder {
	#reasoning = "";
	#text = "";
	#refusal = "";
	readonly #calls = new Map<number, { id: string; name: string; arguments: string }>();

	/** Adds an event. Returns the text that the message grows by. */
	add(event: cchat.Event): string {
		switch (event.type) {
			case "text":
				this.#text += event.text;
				return event.text;
			case "reasoning":
				this.#reasoning += event.reasoning;
				return event.reasoning;
			case "refusal":
				this.#refusal += event.refusal;
				return event.refusal;
			case "tool_call":
				this.#addCall(event.tool_call);
				return event.tool_call.arguments;
			default:
				return "";
		}
	}

	message(): cchat.Message {
		const content: cchat.ContentPart[] = [];
		if (this.#reasoning !== "") content.push({ type: "reasoning", reasoning: { text: this.#reasoning } });
		if (this.#text !== "") content.push({ type: "text", text: this.#text });
		if (this.#refusal !== "") content.push({ type: "refusal", refusal: this.#refusal });
		const calls = [...this.#calls.entries()].sort(([a], [b]) => a - b).map(([, call]) => ({ ...call }));
		return { role: "assistant", content, tool_calls: calls };
	}

	#addCall(delta: cchat.ToolCallDelta): void {
		const call = this.#calls.get(delta.index) ?? { id: "", name: "", arguments: "" };
		this.#calls.set(delta.index, {
			id: delta.id ?? call.id,
			name: delta.name ?? call.name,
			arguments: call.arguments + delta.arguments,
		});
	}
}
