/**
 * What a message of Chat Completions holds beyond the members that every server knows: carried to the guest as opaque parts, and
 * back to the same provider as it came, byte for byte. The kind of a part says where it stood:
 *
 * | kind | stood at |
 * | --- | --- |
 * | `message.<member>` | a member of the message |
 * | `content.<type>` | an item of its content |
 * | `annotations.<type>` | an item of its annotations |
 * | `tool_calls.<index>.<member>` | a member of one of its tool calls |
 */
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { isObject, type JsonObject } from "../../../kit/json/guards.ts";
import type { JsonSource } from "../../../kit/json/source.ts";

/** Members of a message that have a place of their own in an answer. */
const MESSAGE_MEMBERS = new Set(["role", "content", "refusal", "annotations", "tool_calls"]);
/** Those that have one as long as they are text. */
const REASONING_MEMBERS = new Set(["reasoning_content", "reasoning"]);
const CALL_MEMBERS = new Set(["index", "id", "type", "function"]);

/** Members of a message that a part handed back can never set. */
const OWN_MEMBERS = new Set([...MESSAGE_MEMBERS, "__proto__"]);
/** Types of content that the ABI has parts for: media of the guest's choice must not pass by the rules for media. */
const OWN_TYPES = new Set(["text", "refusal", "image_url", "input_audio", "file", "video_url"]);

/** Kinds that are the sealed form of the reasoning shown beside them. */
const SEALED = ["message.reasoning_details", "message.thinking_blocks"];

/** Names of the members of a message that are to be carried as they are. What holds nothing is not. */
export function unknownMembers(message: JsonObject): string[] {
	return Object.keys(message).filter((name) => {
		const value = message[name];
		if (REASONING_MEMBERS.has(name)) return typeof value !== "string" && !isEmpty(value);
		return !MESSAGE_MEMBERS.has(name) && !isEmpty(value);
	});
}

/** The same of a tool call. */
export function unknownCallMembers(call: JsonObject): string[] {
	return Object.keys(call).filter((name) => !CALL_MEMBERS.has(name) && !isEmpty(call[name]));
}

/** The kind of an item of content or annotations, by its type. */
export function itemKind(list: "content" | "annotations", item: unknown): string {
	const type = isObject(item) && typeof item.type === "string" && item.type !== "" ? item.type : "unknown";
	return `${list}.${type}`;
}

function isEmpty(value: unknown): boolean {
	if (value === null || value === undefined || value === "") return true;
	return typeof value === "object" && Object.keys(value).length === 0;
}

/** A part with the very text that stands there. */
export function opaquePart(provider: string, kind: string, source: JsonSource | undefined): types.OpaquePart {
	return { provider, kind, data: new TextEncoder().encode(String(source ?? "null")) };
}

/** Takes the sealed form of the reasoning out of the parts, if it is among them. */
export function takeSealed(parts: types.OpaquePart[]): types.OpaquePart | undefined {
	for (const kind of SEALED) {
		const index = parts.findIndex((part) => part.kind === kind);
		if (index !== -1) return parts.splice(index, 1)[0];
	}
	return undefined;
}

/** Parts of one provider on their way back, put where they stood. */
export interface ReturnedParts {
	readonly members: { readonly [name: string]: RawJson };
	readonly annotations: readonly RawJson[];
	/** By index of the tool call. */
	readonly calls: ReadonlyMap<number, { readonly [name: string]: RawJson }>;
}

/** Gathers the parts of one message, from sealed reasoning and content alike. */
export class PartReturner {
	readonly #path: string;
	readonly #toolCalls: number;
	readonly #members = new Map<string, RawJson>();
	readonly #annotations: RawJson[] = [];
	readonly #calls = new Map<number, Map<string, RawJson>>();

	/** @param toolCalls how many the message has */
	constructor(path: string, toolCalls: number) {
		this.#path = path;
		this.#toolCalls = toolCalls;
	}

	/**
	 * Takes a part in; gives its text when that is an item of the content, whose place there only the caller knows.
	 *
	 * @throws SpearError `invalid_request` for what did not come from an upstream like this one.
	 */
	add(part: types.OpaquePart, path: string): RawJson | undefined {
		const raw = RawJson.from(part.data);
		if (raw === undefined) throw wrong(`${path}.data`, "it is not JSON; hand a part back as it came");
		const [, place = "", index, name = ""] = /^(message|content|annotations|tool_calls\.(\d+))\.(.+)$/s.exec(part.kind) ?? [];
		if (place === "message" && !OWN_MEMBERS.has(name)) {
			set(this.#members, name, raw, path);
		} else if (place === "content" && itemKind("content", raw.value) === part.kind) {
			return OWN_TYPES.has(name) ? undefined : raw;
		} else if (place === "annotations" && itemKind("annotations", raw.value) === part.kind && name !== "url_citation") {
			this.#annotations.push(raw);
		} else if (index !== undefined && !CALL_MEMBERS.has(name) && name !== "__proto__") {
			if (Number(index) >= this.#toolCalls)
				throw wrong(`${path}.kind`, `"${part.kind}" belongs to a tool call that ${this.#path} does not have`);
			const call = this.#calls.get(Number(index)) ?? new Map<string, RawJson>();
			set(call, name, raw, path);
			this.#calls.set(Number(index), call);
		} else {
			throw wrong(`${path}.kind`, `"${part.kind}" is no part of a message that this backend gives`);
		}
		return undefined;
	}

	get parts(): ReturnedParts {
		return {
			members: Object.fromEntries(this.#members),
			annotations: this.#annotations,
			calls: new Map([...this.#calls].map(([index, members]) => [index, Object.fromEntries(members)])),
		};
	}
}

function set(members: Map<string, RawJson>, name: string, raw: RawJson, path: string): void {
	if (members.has(name)) throw wrong(`${path}.kind`, `another part of the message has the place "${name}" already`);
	members.set(name, raw);
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
