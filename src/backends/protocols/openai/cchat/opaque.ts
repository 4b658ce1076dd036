/**
 * Opaque parts: members of a message that only the provider understands. The guest receives them, and the same provider receives them
 * back, byte for byte. The kind of a part names its place:
 *
 * | kind | place |
 * | --- | --- |
 * | `message.<member>` | a member of the message |
 * | `content.<type>` | an item of its content |
 * | `annotations.<type>` | an item of its annotations |
 * | `tool_calls.<index>.<member>` | a member of one of its tool calls |
 */
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { isObject, type JsonObject } from "../../../kit/json/guards.ts";

/** Members of a message that the ABI has an equivalent for. */
const MESSAGE_MEMBERS = new Set(["role", "content", "refusal", "annotations", "tool_calls"]);
/** Members that the ABI has an equivalent for if they are text. */
const REASONING_MEMBERS = new Set(["reasoning_content", "reasoning"]);
const CALL_MEMBERS = new Set(["index", "id", "type", "function"]);

/** Members of a message that a returned part can never set. */
const OWN_MEMBERS = new Set([...MESSAGE_MEMBERS, "__proto__"]);
/** Types of content that the ABI has parts for. Otherwise a guest could send media past the rules for media. */
const OWN_TYPES = new Set(["text", "refusal", "image_url", "input_audio", "file", "video_url"]);

/** Kinds that hold the sealed form of visible reasoning. */
const SEALED = ["message.reasoning_details", "message.thinking_blocks"];

/** Returns the names of the members of a message that become opaque parts. Skips empty ones. */
export function unknownMembers(message: JsonObject): string[] {
	return Object.keys(message).filter((name) => {
		const value = message[name];
		if (REASONING_MEMBERS.has(name)) return typeof value !== "string" && !isEmpty(value);
		return !MESSAGE_MEMBERS.has(name) && !isEmpty(value);
	});
}

/** Returns the names of the members of a tool call that become opaque parts. Skips empty ones. */
export function unknownCallMembers(call: JsonObject): string[] {
	return Object.keys(call).filter((name) => !CALL_MEMBERS.has(name) && !isEmpty(call[name]));
}

/** Returns the kind of an item of content or annotations. */
export function itemKind(list: "content" | "annotations", item: unknown): string {
	const type = isObject(item) && typeof item.type === "string" && item.type !== "" ? item.type : "unknown";
	return `${list}.${type}`;
}

/** True for content of a type that the ABI has parts for. Only the ABI's own parts send such content. */
export function isOwnContent({ kind }: types.OpaquePart): boolean {
	return kind.startsWith("content.") && OWN_TYPES.has(kind.slice("content.".length));
}

function isEmpty(value: unknown): boolean {
	if (value === null || value === undefined || value === "") return true;
	return typeof value === "object" && Object.keys(value).length === 0;
}

/** Removes the sealed form of the reasoning from the parts, and returns it. */
export function takeSealed(parts: types.OpaquePart[]): types.OpaquePart | undefined {
	for (const kind of SEALED) {
		const index = parts.findIndex((part) => part.kind === kind);
		if (index !== -1) return parts.splice(index, 1)[0];
	}
	return undefined;
}

/** Opaque parts to return to their provider, by place. */
export interface ReturnedParts {
	readonly members: { readonly [name: string]: RawJson };
	readonly annotations: readonly RawJson[];
	/** By index of the tool call. */
	readonly calls: ReadonlyMap<number, { readonly [name: string]: RawJson }>;
}

const NO_PARTS: ReturnedParts = { members: {}, annotations: [], calls: new Map() };

/** Collects the opaque parts of a message that are returned to their provider. */
export class PartReturner {
	readonly #path: string;
	readonly #toolCalls: number;
	readonly #members = new Map<string, RawJson>();
	readonly #annotations: RawJson[] = [];
	readonly #calls = new Map<number, Map<string, RawJson>>();

	/**
	 * @param path Names the message in errors.
	 * @param toolCalls Number of tool calls of the message.
	 */
	constructor(path: string, toolCalls: number) {
		this.#path = path;
		this.#toolCalls = toolCalls;
	}

	/**
	 * Adds a part. Returns its JSON if it is an item of the content, whose position the caller knows.
	 *
	 * @param path Names the part in errors.
	 * @throws SpearError `invalid_request` for a part that this kind of upstream cannot have sent.
	 */
	add(part: types.OpaquePart, path: string): RawJson | undefined {
		const raw = RawJson.from(part.data);
		if (raw === undefined) throw wrong(`${path}.data`, "it is not JSON; return a part as it was received");
		const [, place = "", index, name = ""] = /^(message|content|annotations|tool_calls\.(\d+))\.(.+)$/s.exec(part.kind) ?? [];
		if (place === "message" && !OWN_MEMBERS.has(name)) {
			set(this.#members, name, raw, path);
		} else if (place === "content" && itemKind("content", raw.value) === part.kind) {
			return OWN_TYPES.has(name) ? undefined : raw;
		} else if (place === "annotations" && itemKind("annotations", raw.value) === part.kind && name !== "url_citation") {
			this.#annotations.push(raw);
		} else if (index !== undefined && !CALL_MEMBERS.has(name) && name !== "__proto__") {
			if (Number(index) >= this.#toolCalls)
				throw wrong(`${path}.kind`, `"${guestName(part.kind)}" belongs to a tool call that ${this.#path} does not have`);
			const call = this.#calls.get(Number(index)) ?? new Map<string, RawJson>();
			set(call, name, raw, path);
			this.#calls.set(Number(index), call);
		} else {
			throw wrong(`${path}.kind`, `"${guestName(part.kind)}" is not a part of this backend's messages`);
		}
		return undefined;
	}

	get #isEmpty(): boolean {
		return this.#members.size === 0 && this.#annotations.length === 0 && this.#calls.size === 0;
	}

	get parts(): ReturnedParts {
		if (this.#isEmpty) return NO_PARTS; // The usual case, also in long conversations.
		return {
			members: Object.fromEntries(this.#members),
			annotations: this.#annotations,
			calls: new Map([...this.#calls].map(([index, members]) => [index, Object.fromEntries(members)])),
		};
	}
}

function set(members: Map<string, RawJson>, name: string, raw: RawJson, path: string): void {
	if (members.has(name)) throw wrong(`${path}.kind`, `another part of the message has the same place "${guestName(name)}"`);
	members.set(name, raw);
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
