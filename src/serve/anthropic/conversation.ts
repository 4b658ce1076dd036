import type * as cchat from "../../../generated/ir/cchat.ts";
import { guestName } from "../../errors/guest-name.ts";
import { assistantContent } from "../openai/assistant-parts.ts";
import { jsonObject } from "../openai/call-options.ts";
import { type Detail, parseDetails } from "../openai/details.ts";
import { invalid, unsupported } from "../openai/errors.ts";
import { Fields, textAt, typeName } from "../openai/fields.ts";
import { bytesOf, mediaOfUrl } from "../openai/media.ts";

/** Returns the conversation of a request, with its system prompt. */
export function conversation(request: Fields): cchat.Message[] {
	const messages: cchat.Message[] = [];
	const system = request.any("system");
	if (system !== undefined) messages.push({ role: "system", content: textBlocks(blocksOf(request, "system")), tool_calls: [] });
	for (const [index, value] of request.requiredList("messages").entries()) {
		const fields = new Fields(value, `messages[${index}]`);
		const role = fields.requiredText("role");
		const blocks = blocksOf(fields, "content");
		fields.assertNoRest();
		if (role === "assistant") messages.push(assistantMessage(blocks));
		else if (role === "user") for (const message of userMessages(blocks)) messages.push(message);
		else if (role === "system") messages.push({ role, content: textBlocks(blocks), tool_calls: [] });
		else throw invalid(fields.at("role"), `must be user, assistant or system, not "${guestName(role)}"`);
	}
	return messages;
}

/** Returns the blocks of a content. A text alone is one block. The host's configuration decides on prompt caches. */
function blocksOf(fields: Fields, name: string): Fields[] {
	const value = fields.any(name);
	const path = fields.at(name);
	if (typeof value === "string") return [new Fields({ type: "text", text: textAt(value, path) }, path)];
	if (!Array.isArray(value)) throw invalid(path, `must be a string or a list of blocks, not ${typeName(value ?? null)}`);
	return value.map((item, index) => {
		const block = new Fields(item, `${path}[${index}]`);
		block.any("cache_control");
		return block;
	});
}

function textBlocks(blocks: readonly Fields[]): cchat.ContentPart[] {
	return blocks.map((block) => {
		const type = block.requiredText("type");
		if (type !== "text") throw wrongType(block, type, "text");
		return textPart(block);
	});
}

function textPart(block: Fields): cchat.ContentPart {
	const text = block.requiredText("text");
	block.any("citations");
	block.assertNoRest();
	return { type: "text", text };
}

/** Returns the results of tools in a message, and then its other content. */
function userMessages(blocks: readonly Fields[]): cchat.Message[] {
	const results: cchat.Message[] = [];
	const content: cchat.ContentPart[] = [];
	for (const block of blocks) {
		const type = block.requiredText("type");
		if (type === "tool_result") {
			if (content.length > 0) throw invalid(block.at("type"), "results of tools must come before other blocks");
			results.push(toolResult(block));
		} else if (type === "text") content.push(textPart(block));
		else if (type === "image") content.push({ type: "image", image: { source: sourceOf(block) } });
		else if (type === "document") content.push(documentPart(block));
		else throw wrongType(block, type, "text, image, document or tool_result");
	}
	return content.length > 0 || results.length === 0 ? [...results, { role: "user", content, tool_calls: [] }] : results;
}

function toolResult(block: Fields): cchat.Message {
	const id = block.requiredText("tool_use_id");
	const content = block.any("content") === undefined ? [] : textBlocks(blocksOf(block, "content"));
	const failed = block.boolean("is_error");
	block.assertNoRest();
	if (content.length === 0) content.push({ type: "text", text: "" });
	return { role: "tool", content, tool_calls: [], tool_call_id: id, ...(failed === undefined ? {} : { is_error: failed }) };
}

function documentPart(block: Fields): cchat.ContentPart {
	const filename = block.text("title");
	if (block.fields("citations")?.boolean("enabled") === true)
		throw unsupported(block.at("citations"), "citations of documents are not supported");
	return { type: "file", file: { source: sourceOf(block), ...(filename === undefined ? {} : { filename }) } };
}

function sourceOf(block: Fields): cchat.ImagePart["source"] {
	const source = block.requiredFields("source");
	block.assertNoRest();
	const type = source.requiredText("type");
	const read = (): cchat.ImagePart["source"] => {
		if (type === "url") return mediaOfUrl(source.requiredText("url"), source.at("url"));
		const mime_type = source.requiredText("media_type");
		const data = source.requiredText("data");
		if (type === "base64") return { type: "inline", inline: { data: bytesOf(data, source.at("data")), mime_type } };
		if (type === "text") return { type: "inline", inline: { data: new Uint8Array(Buffer.from(data)), mime_type } };
		throw wrongType(source, type, "base64, text or url");
	};
	const media = read();
	source.assertNoRest();
	return media;
}

function assistantMessage(blocks: readonly Fields[]): cchat.Message {
	const texts: string[] = [];
	const thinking: Detail[] = [];
	const details: Detail[] = [];
	const tool_calls: cchat.ToolCall[] = [];
	let offset = 0;
	for (const block of blocks) {
		const type = block.requiredText("type");
		if (type === "text") {
			const text = block.requiredText("text");
			block.any("citations");
			texts.push(text);
			offset += text.length;
		} else if (type === "thinking") {
			const text = block.requiredText("thinking");
			if ((block.text("signature") ?? "") !== "") throw invalid(block.at("signature"), "this server has not sent it; leave the block out");
			thinking.push({ offset, text, sealed: undefined });
		} else if (type === "redacted_thinking") {
			for (const detail of parseDetails(block.requiredText("data"), block.at("data"))) details.push(detail);
		} else if (type === "tool_use") {
			const args = jsonObject(Object.entries(block.object("input") ?? {}));
			tool_calls.push({ id: block.requiredText("id"), name: block.requiredText("name"), arguments: JSON.stringify(args) });
		} else throw wrongType(block, type, "text, thinking, redacted_thinking or tool_use");
		block.assertNoRest();
	}
	// The sealed details hold the visible reasoning too.
	return { role: "assistant", content: assistantContent(texts, details.length > 0 ? details : thinking), tool_calls };
}

function wrongType(block: Fields, type: string, allowed: string): Error {
	return unsupported(block.at("type"), `must be ${allowed} here, not "${guestName(type)}"`);
}
