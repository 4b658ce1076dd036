import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import { malformedError } from "../../../transport/http/failure.ts";
import { type AnswerBlock, type AnswerContext, type AnswerEnd, chatResponse } from "../chat/answer.ts";
import { AnswerCollector } from "../chat/answer-collector.ts";

/** State that the reader of every vendor's stream has: the blocks so far, and the errors of an answer that breaks the protocol. */
export abstract class CollectedAnswer {
	protected readonly exchange: Exchange;
	protected readonly context: AnswerContext;
	protected readonly collector: AnswerCollector;

	constructor(exchange: Exchange, context: AnswerContext) {
		this.exchange = exchange;
		this.context = context;
		this.collector = new AnswerCollector(context, (what) => this.wrong(what));
	}

	/** Returns the last event, with the result. */
	protected completed(end: AnswerEnd, blocks: readonly AnswerBlock[] = this.collector.blocks()): cchat.Event {
		return { type: "completed", completed: chatResponse(blocks, end, this.context, (what) => this.wrong(what)) };
	}

	/** Returns the error for an answer that breaks the protocol. `detail` is the text at fault, for the log. */
	protected wrong(what: string, detail = ""): Error {
		return malformedError(this.exchange, what, detail);
	}
}
