import type * as cchat from "../../../../generated/ir/cchat.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { citationOf } from "../annotations.ts";
import { assistantContent } from "../assistant-parts.ts";
import { type Detail, parseDetails } from "../details.ts";
import { unsupported } from "../errors.ts";
import { Fields, textAt } from "../fields.ts";

/** Collects the items of one answer of the model, as a client returns them. */
export class AssistantTurn {
	readonly #texts: string[] = [];
	readonly #details: Detail[] = [];
	readonly #refusals: string[] = [];
	readonly #annotations: cchat.Annotation[] = [];
	readonly #calls: cchat.ToolCall[] = [];
	/** Number of UTF-16 code units of the texts. */
	#length = 0;

	/** Adds an item of the type `message`, `function_call` or `reasoning`. */
	add(type: string, item: Fields): void {
		// Members of answers that have no effect in a request.
		for (const name of ["id", "status"]) item.any(name);
		if (type === "function_call") this.#calls.push(functionCall(item));
		else if (type === "reasoning") this.#reasoning(item);
		else this.#message(item);
		item.assertNoRest();
	}

	message(): cchat.Message {
		const content = assistantContent(this.#texts, this.#details);
		for (const refusal of this.#refusals) content.push({ type: "refusal", refusal });
		for (const annotation of this.#annotations) content.push({ type: "annotation", annotation });
		return { role: "assistant", content, tool_calls: this.#calls };
	}

	#message(item: Fields): void {
		item.any("phase");
		const content = item.any("content");
		const path = item.at("content");
		if (typeof content === "string") {
			this.#text(textAt(content, path));
			return;
		}
		for (const [index, each] of item.requiredList("content").entries()) {
			const part = new Fields(each, `${path}[${index}]`);
			const type = part.requiredText("type");
			if (type === "output_text" || type === "input_text") {
				for (const name of ["logprobs", "parsed"]) part.any(name);
				this.#text(part.requiredText("text"));
				for (const [at, citation] of (part.list("annotations") ?? []).entries())
					this.#annotations.push(annotation(new Fields(citation, `${part.at("annotations")}[${at}]`)));
			} else if (type === "refusal") this.#refusals.push(part.requiredText("refusal"));
			else throw unsupported(part.at("type"), `must be output_text or refusal, not "${guestName(type)}"`);
			part.assertNoRest();
		}
	}

	#text(text: string): void {
		this.#texts.push(text);
		this.#length += text.length;
	}

	/** Adds the reasoning of an item. A token of this server holds all of it; the summary is for other clients. */
	#reasoning(item: Fields): void {
		const text = [...texts(item, "summary"), ...texts(item, "content")].join("\n\n");
		const encrypted = item.text("encrypted_content");
		if (encrypted !== undefined) for (const detail of parseDetails(encrypted, item.at("encrypted_content"))) this.#details.push(detail);
		else if (text !== "") this.#details.push({ offset: this.#length, text, sealed: undefined });
	}
}

function texts(item: Fields, name: string): string[] {
	return (item.list(name) ?? []).map((each, index) => {
		const part = new Fields(each, `${item.at(name)}[${index}]`);
		part.oneOf("type", ["summary_text", "reasoning_text"]);
		const text = part.requiredText("text");
		part.assertNoRest();
		return text;
	});
}

function functionCall(item: Fields): cchat.ToolCall {
	const call = { id: item.requiredText("call_id"), name: item.requiredText("name"), arguments: item.requiredText("arguments") };
	item.any("parsed_arguments");
	return call;
}

function annotation(fields: Fields): cchat.Annotation {
	fields.oneOf("type", ["url_citation"]);
	return citationOf(fields);
}
