import type * as cchat from "../../generated/ir/cchat.ts";

/** Kinds of parts that a message of each role may contain. */
export const MESSAGE_PARTS: Readonly<Record<cchat.Role, ReadonlySet<cchat.ContentPart["type"]>>> = {
	system: new Set(["text"]),
	user: new Set(["text", "image", "audio", "file"]),
	assistant: new Set(["text", "refusal", "reasoning", "annotation", "opaque"]),
	tool: new Set(["text"]),
};
