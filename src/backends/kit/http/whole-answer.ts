import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { withUsage } from "../../../errors/with-usage.ts";
import type { JsonTextAnswer } from "../../../transport/http/answer.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import { malformedError } from "../../../transport/http/failure.ts";
import type { AnswerBlock, AnswerContext } from "../chat/answer.ts";
import { isObject, type JsonObject, textOf } from "../json/guards.ts";
import { JsonSource } from "../json/source.ts";
import type { VendorErrors } from "./vendor-errors.ts";

/** A whole answer that reports no error. */
export interface WholeAnswer {
	readonly value: JsonObject;
	readonly source: JsonSource;
	readonly context: AnswerContext;
	readonly exchange: Exchange;
	/** Text of the answer. */
	readonly text: string;
	/** Makes the error for a malformed answer. */
	readonly wrong: (what: string) => Error;
}

/**
 * Returns a reader of a vendor's whole answers. The reader throws the error that an answer reports. A failure carries the usage that the answer
 * reports.
 *
 * @param usageOf Reads the usage of an answer.
 */
export function answerParser(
	errors: VendorErrors,
	usageOf: (value: JsonObject) => types.Usage | undefined,
	read: (answer: WholeAnswer) => cchat.Response,
): (answer: JsonTextAnswer, context: AnswerContext) => cchat.Response {
	return (answer, context) => {
		const { exchange, text } = answer;
		const wrong = (what: string): Error => malformedError(exchange, what, text);
		try {
			return read({ value: errors.resultObject(answer, wrong), source: new JsonSource(text), context, exchange, text, wrong });
		} catch (thrown) {
			throw withUsage(thrown, isObject(answer.value) ? usageOf(answer.value) : undefined);
		}
	};
}

/** A block within the list of blocks of a whole answer. */
export interface BlockPlace {
	readonly context: AnswerContext;
	/** Returns the block within the answer's text. */
	readonly source: () => JsonSource | undefined;
	/** Makes the error for a malformed block. `what` begins with the name of a member. */
	readonly wrong: (what: string) => Error;
}

/**
 * Returns the blocks of a whole answer.
 *
 * @param path Members that lead to the list.
 */
export function answerBlocks(
	{ source, context, wrong }: WholeAnswer,
	{ path, list }: { readonly path: readonly string[]; readonly list: unknown },
	read: (block: JsonObject, place: BlockPlace) => AnswerBlock,
): AnswerBlock[] {
	const name = path.join(".");
	if (!Array.isArray(list)) throw wrong(`${name} is not a list`);
	// Remembers the items that it has read.
	const written = path.reduce((value: JsonSource | undefined, member) => value?.member(member), source);
	return list.map((block: unknown, index) => {
		const place: BlockPlace = { context, source: () => written?.item(index), wrong: (what) => wrong(`${name}[${index}]${what}`) };
		if (!isObject(block)) throw place.wrong(" is not an object");
		return read(block, place);
	});
}

/**
 * Returns the block of a tool call, with the arguments as the model wrote them.
 *
 * @param path Members that lead from the block to the call.
 */
export function callBlock(
	{ id, name, input }: { readonly id: unknown; readonly name: unknown; readonly input: unknown },
	{ context, source, wrong }: BlockPlace,
	path: readonly string[] = [],
): AnswerBlock {
	const at = path.map((member) => `.${member}`).join("");
	const tool = textOf(name);
	if (tool === undefined) throw wrong(`${at}.name is missing`);
	if (!isObject(input)) throw wrong(`${at}.input is not an object`);
	const written = (): JsonSource | undefined =>
		[...path, "input"].reduce((value: JsonSource | undefined, member) => value?.member(member), source());
	const args = Object.keys(input).length === 0 ? "{}" : String(written());
	return { type: "call", call: { id: context.ids.claim(textOf(id)), name: tool, arguments: args } };
}
