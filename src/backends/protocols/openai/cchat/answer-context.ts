import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { CallIds } from "../../../kit/chat/call-ids.ts";
import { ToolNames } from "./tool-names.ts";

/** Properties of a request that its answer is read with. Serves one answer. */
export interface AnswerContext {
	/** Replaces the model of an upstream that does not name it. */
	readonly model: string;
	/** Provider of the opaque parts. */
	readonly provider: string;
	/** Ids of the tool calls. */
	readonly ids: CallIds;
	/** Names of the request's tools. */
	readonly names: ToolNames;
	/** True if the request asks the stream for usage. */
	readonly usageRequested: boolean;
	/** True if items of the content hold the visible reasoning, as lists of texts. The default is false: such items are opaque parts. */
	readonly thinkingItems?: boolean;
}

/** Returns the context for the answer to a request. */
export function answerContext(
	{ messages, tools }: Pick<cchat.Request, "messages" | "tools">,
	more: Pick<AnswerContext, "model" | "provider" | "usageRequested" | "thinkingItems">,
): AnswerContext {
	return { ...more, ids: new CallIds(messages), names: new ToolNames(tools.map(({ name }) => name)) };
}
