import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { ChatCompletionsField } from "../../../../../generated/ir/fields/cchat.ts";
import type { CallIdForm } from "../../../kit/chat/history-call-ids.ts";
import type { Dropped } from "./dropped-fields.ts";

/** Differences of a server from OpenAI's Chat Completions, as data. Absent members: as OpenAI. */
export interface ChatQuirks {
	/** Member for the seed, and the smallest seed that the server accepts. */
	readonly seed?: { readonly field: "random_seed"; readonly min: number };
	/** Form of the ids of tool calls. Others are replaced. */
	readonly callIds?: CallIdForm;
	/** Highest temperature. Higher ones are sent as this one. */
	readonly maxTemperature?: number;
	/** Words for amounts of reasoning that the server has another word for. */
	readonly efforts?: { readonly [E in Exclude<cchat.ReasoningEffort, "none">]?: Exclude<cchat.ReasoningEffort, "none"> };
	/** Members that ask for no reasoning, in place of `reasoning_effort: "none"`. */
	readonly noReasoning?: Readonly<Record<string, unknown>>;
	/** Audio is the base64 alone, without its format. */
	readonly bareAudio?: boolean;
	/**
	 * Visible reasoning is items of the content, each a list of texts. A stream has one item a piece, which are more than an answer may have
	 * opaque parts.
	 */
	readonly thinkingItems?: boolean;
	/** A refusal in the history is sent as text. */
	readonly refusalsAsText?: boolean;
	/** Schemas are sent as `{ type: "json_object", schema }`. */
	readonly schemaInJsonObject?: boolean;
	/** The server has no `tool_choice`. Requests that demand a call are refused; the choice `none` leaves the tools out. */
	readonly noToolChoice?: boolean;
	/** Fields that the server has no equivalent for, and the reasons. The request goes without them. */
	readonly drops?: { readonly [F in Dropped]?: string };
	/** Fields that the server refuses, and the reasons. */
	readonly rejects?: { readonly [F in ChatCompletionsField]?: string };
}

/** No differences. */
export const NO_QUIRKS: ChatQuirks = {};
