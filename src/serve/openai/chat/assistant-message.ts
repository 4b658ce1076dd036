import type * as cchat from "../../../../generated/ir/cchat.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { citationOf } from "../annotations.ts";
import { assistantContent } from "../assistant-parts.ts";
import { type Detail, parseDetails } from "../details.ts";
import { invalid, unsupported } from "../errors.ts";
import { Fields, textAt, typeName } from "../fields.ts";

/**
 * Returns a message of the model, as a client returns it. `parsed` is a member that OpenAI's SDK adds for its programs, and `index` one of
 * streamed calls that clients keep.
 */
export function assistantMessage(fields: Fields): cchat.Message {
	const { texts, refusals } = contentOf(fields);
	const refusal = fields.text("refusal");
	if (refusal !== undefined) refusals.push(refusal);
	const details = detailsOf(fields);
	const annotations = fields
		.list("annotations")
		?.map((item, index) => annotation(new Fields(item, `${fields.at("annotations")}[${index}]`)));
	const calls = fields.list("tool_calls")?.map((item, index) => toolCall(new Fields(item, `${fields.at("tool_calls")}[${index}]`)));
	const name = fields.text("name");
	fields.any("parsed");
	if (fields.any("function_call") !== undefined)
		throw unsupported(fields.at("function_call"), "functions are replaced by tools: send the call in tool_calls");
	fields.assertNoRest();
	const content = assistantContent(texts, details);
	for (const text of refusals) content.push({ type: "refusal", refusal: text });
	for (const each of annotations ?? []) content.push({ type: "annotation", annotation: each });
	const message: cchat.Message = { role: "assistant", content, tool_calls: calls ?? [] };
	if (name !== undefined) message.name = name;
	return message;
}

/** Returns the texts and refusals of a content: null, a string, or a list of parts. */
function contentOf(fields: Fields): { readonly texts: string[]; readonly refusals: string[] } {
	const value = fields.any("content");
	const path = fields.at("content");
	if (value === undefined) return { texts: [], refusals: [] };
	if (typeof value === "string") return { texts: [textAt(value, path)], refusals: [] };
	if (!Array.isArray(value)) throw invalid(path, `must be a string, null or a list of parts, not ${typeName(value)}`);
	const found = { texts: [] as string[], refusals: [] as string[] };
	for (const [index, item] of value.entries()) {
		const part = new Fields(item, `${path}[${index}]`);
		const type = part.requiredText("type");
		if (type === "text") found.texts.push(part.requiredText("text"));
		else if (type === "refusal") found.refusals.push(part.requiredText("refusal"));
		else throw unsupported(part.at("type"), `an assistant message has parts of type text and refusal, not "${guestName(type)}"`);
		part.assertNoRest();
	}
	return found;
}

/** Returns the reasoning and the opaque parts of a message. A token of this server holds all of them; visible reasoning is for other clients. */
function detailsOf(fields: Fields): Detail[] {
	const plain = fields.text("reasoning_content") ?? fields.text("reasoning");
	fields.any("reasoning");
	const found: Detail[] = [];
	const visible: string[] = [];
	for (const [index, item] of (fields.list("reasoning_details") ?? []).entries()) {
		const detail = new Fields(item, `${fields.at("reasoning_details")}[${index}]`);
		const type = detail.oneOf("type", ["reasoning.text", "reasoning.encrypted", "reasoning.summary"]);
		for (const name of ["id", "format", "index"]) detail.any(name);
		if (type === "reasoning.encrypted") {
			for (const each of parseDetails(detail.requiredText("data"), detail.at("data"))) found.push(each);
		} else {
			if ((detail.text("signature") ?? "") !== "")
				throw invalid(detail.at("signature"), "is not a value that this server has sent; leave it out");
			visible.push(detail.text("text") ?? detail.text("summary") ?? "");
		}
		detail.assertNoRest();
	}
	if (found.length > 0) return found;
	const text = visible.length > 0 ? visible.join("") : (plain ?? "");
	return text === "" ? [] : [{ offset: 0, text, sealed: undefined }];
}

function annotation(fields: Fields): cchat.Annotation {
	fields.oneOf("type", ["url_citation"]);
	const citation = citationOf(fields.requiredFields("url_citation"));
	fields.assertNoRest();
	return citation;
}

function toolCall(fields: Fields): cchat.ToolCall {
	const id = fields.requiredText("id");
	const type = fields.text("type") ?? "function";
	if (type !== "function") throw unsupported(fields.at("type"), `only calls of functions are supported, not "${guestName(type)}"`);
	fields.any("index");
	const called = fields.requiredFields("function");
	fields.assertNoRest();
	const name = called.requiredText("name");
	// Some clients leave out the arguments of a call that has none.
	const args = called.text("arguments") ?? "";
	called.any("parsed_arguments");
	called.assertNoRest();
	return { id, name, arguments: args };
}
