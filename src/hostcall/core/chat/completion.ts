import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";

/** Facts about an answer that its content does not hold. */
export interface AnswerFacts {
	/** Replaces the id of an upstream that reports none. */
	readonly id: string;
	/** Time of the answer, in seconds since 1970-01-01 00:00 UTC. */
	readonly created: number;
	/** Backend instance that answered. */
	readonly backend: string;
	/** Model that the guest asked for. Absent: the model that answered. */
	readonly requestedModel: string | undefined;
}

/**
 * Returns an answer as a `chat.completion` of OpenAI's API, with a member `_spear` for the origin. Parts that only their provider understands
 * are left out, because a guest cannot return them.
 */
export function chatCompletion(answer: cchat.Response, facts: AnswerFacts): object {
	const { downgrades } = answer;
	return {
		id: answer.id ?? facts.id,
		object: "chat.completion",
		created: facts.created,
		model: answer.model,
		choices: [{ index: 0, message: messageOf(answer.message), logprobs: null, finish_reason: answer.finish_reason }],
		...(answer.usage === undefined ? {} : { usage: usageOf(answer.usage) }),
		_spear: {
			backend: facts.backend,
			model: facts.requestedModel ?? answer.model,
			...(downgrades === undefined ? {} : { downgrades }),
		},
	};
}

function messageOf({ content, tool_calls }: cchat.Message): object {
	const texts = content.flatMap((part) => (part.type === "text" ? [part.text] : []));
	const refusals = content.flatMap((part) => (part.type === "refusal" ? [part.refusal] : []));
	const reasoning = content.flatMap((part) => (part.type === "reasoning" ? [part.reasoning.text] : []));
	const annotations = content.flatMap((part) => (part.type === "annotation" ? [annotationOf(part.annotation)] : []));
	return {
		role: "assistant",
		content: joined(texts),
		refusal: joined(refusals),
		...(reasoning.length === 0 ? {} : { reasoning_content: joined(reasoning) }),
		...(annotations.length === 0 ? {} : { annotations }),
		...(tool_calls.length === 0 ? {} : { tool_calls: tool_calls.map(callOf) }),
	};
}

/** Returns texts as one, or `null` for none. */
function joined(texts: readonly string[]): string | null {
	return texts.length === 0 ? null : texts.join("");
}

function annotationOf({ url, title, start_index, end_index }: cchat.Annotation): object {
	return { type: "url_citation", url_citation: { url, title, start_index, end_index } };
}

function callOf({ id, name, arguments: args }: cchat.ToolCall): object {
	return { id, type: "function", function: { name, arguments: args } };
}

/** Returns the counts under OpenAI's names. A count that is unknown is absent. */
function usageOf(usage: types.Usage): object {
	const { input_tokens, output_tokens, total_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens } = usage;
	const hasInputDetails = cached_input_tokens !== undefined || cache_write_tokens !== undefined;
	return {
		prompt_tokens: input_tokens,
		completion_tokens: output_tokens,
		total_tokens,
		...(hasInputDetails ? { prompt_tokens_details: { cached_tokens: cached_input_tokens, cache_write_tokens } } : {}),
		...(reasoning_tokens === undefined ? {} : { completion_tokens_details: { reasoning_tokens } }),
	};
}
