import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { batched, batchesOf } from "../../../async/batched.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { withUsage } from "../../../errors/with-usage.ts";
import type { JsonTextAnswer, StreamedEvent } from "../../../transport/http/answer.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import { truncatedError } from "../../../transport/http/failure.ts";
import { isCutOff } from "../chat/cut-off.ts";
import { RequestDowngrades } from "../chat/request-downgrades.ts";
import { wholeEvents } from "../chat/whole-events.ts";
import type { JsonObject } from "../json/guards.ts";
import { eventObject, eventValue } from "./stream-event.ts";
import type { VendorErrors } from "./vendor-errors.ts";

/** Collects the events of one stream. */
export interface StreamedChat {
	/** The usage so far. A failure carries it. */
	readonly usage: types.Usage | undefined;
	/** True if the answer is complete, so that the body may end. Absent: only the last event completes an answer. */
	readonly isWhole?: boolean;
	/** Adds an event and yields the IR events that it causes. Returns true for the event that ends the stream. */
	add(value: JsonObject, event: StreamedEvent): Generator<cchat.Event, boolean, void>;
	/** Yields the last events. The very last is `completed`. */
	complete(): Iterable<cchat.Event>;
}

/** A vendor's streams of chat. */
export interface ChatStreamDialect {
	readonly errors: VendorErrors;
	/** Name of the end that a cut stream lacks, for the log. */
	readonly last: string;
	/** Begins to collect a stream. */
	begin(exchange: Exchange): StreamedChat;
	/** Reads a whole answer in place of a stream, from an upstream that does not stream. */
	parse(answer: JsonTextAnswer): cchat.Response;
}

/** A stream that was opened. */
export interface OpenedChatStream {
	/** A source that ends before the answer is complete was cut. */
	readonly source: AsyncIterable<StreamedEvent>;
	readonly dialect: ChatStreamDialect;
	/** Downgrades of the request, which the last event carries. The default is none. */
	readonly downgrades?: RequestDowngrades;
}

/**
 * Yields the IR events of a streamed answer. The last is `completed`. A whole answer of an upstream that does not stream becomes the same
 * events. A failure carries the usage so far.
 *
 * @param open Opens the stream. Called for the first event.
 * @throws SpearError `backend_error` for a malformed or cut stream; the error that the upstream reports within the stream.
 */
export function chatStream(open: () => Promise<OpenedChatStream>): AsyncGenerator<cchat.Event, void, void> {
	return batched(chatBatches(open));
}

/** Yields the IR events that each batch of the source causes. */
async function* chatBatches(open: () => Promise<OpenedChatStream>): AsyncGenerator<readonly cchat.Event[], void, void> {
	const { source, dialect, downgrades = new RequestDowngrades() } = await open();
	let answer: StreamedChat | undefined;
	let exchange: Exchange | undefined;
	try {
		reading: for await (const batch of batchesOf(source)) {
			const events: cchat.Event[] = [];
			try {
				for (const event of batch) {
					if (event.isBody === true) {
						const value = eventValue(event, "it is not JSON");
						events.push(...wholeEvents(downgrades.in(dialect.parse({ value, text: event.data, exchange: event.exchange }))));
						return;
					}
					exchange = event.exchange;
					answer ??= dialect.begin(exchange);
					if (isCutOff(event)) break reading;
					const data = event.data.trim();
					if (data === "") continue; // A heartbeat.
					if (data === "[DONE]") break reading; // The end of OpenAI's older streams, which some servers send in all streams.
					const added = answer.add(eventObject(event, dialect.errors), event);
					let step = added.next();
					for (; step.done !== true; step = added.next()) events.push(step.value);
					if (!step.value) continue;
					events.push(...lastEvents(answer, downgrades));
					return;
				}
			} finally {
				yield events; // Those before a failure too.
			}
		}
		if (answer?.isWhole === true) return yield [...lastEvents(answer, downgrades)];
	} catch (thrown) {
		throw withUsage(thrown, answer?.usage);
	}
	if (exchange === undefined)
		throw new SpearError("backend_error", "the backend's answer is empty", { retryable: true, processed: "unknown" });
	throw withUsage(truncatedError(exchange, dialect.last), answer?.usage);
}

function* lastEvents(answer: StreamedChat, downgrades: RequestDowngrades): Generator<cchat.Event, void, void> {
	for (const event of answer.complete()) yield downgrades.inEvent(event);
}
