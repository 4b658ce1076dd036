import type { Operation } from "../../../generated/ir/operations.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Call, OpenStream, Pipeline } from "../../hostcall/scope.ts";
import { eventBytes } from "../../stream/event-bytes.ts";
import { STREAM_WINDOW_BYTES, type ToWorker } from "../../worker/protocol.ts";
import { SendWindow } from "./send-window.ts";

/** Sends the events of one stream of a guest to its worker, within a window. */
export class HostStream {
	readonly #id: number;
	readonly #post: (message: ToWorker<unknown>) => void;
	readonly #abort = new AbortController();
	readonly #window = new SendWindow(STREAM_WINDOW_BYTES);

	constructor(id: number, post: (message: ToWorker<unknown>) => void) {
		this.#id = id;
		this.#post = post;
	}

	/** Cancels the request. */
	abort(reason: SpearError): void {
		this.#abort.abort(reason);
	}

	/** @throws Violation for more bytes than were sent. */
	credit(bytes: number): void {
		this.#window.credit(bytes);
	}

	/**
	 * Validates the call. The returned function sends the events until their end, and never rejects.
	 *
	 * @throws SpearError as the pipeline refuses the call.
	 */
	async open(pipeline: Pipeline, call: Call<Operation>): Promise<() => Promise<void>> {
		const id = this.#id;
		const open = await pipeline.stream(call, ({ attempts }) => this.#post({ type: "decision", id, attempts }));
		return () => this.#sendAll(open);
	}

	async #sendAll(open: OpenStream<{ readonly type: string }>): Promise<void> {
		const id = this.#id;
		const { signal } = this.#abort;
		try {
			for await (const event of open(signal)) {
				const bytes = eventBytes(event);
				this.#post({ type: "event", id, event, bytes });
				if (event.type === "completed") break;
				this.#window.use(bytes);
				await this.#window.whenOpen(signal);
				if (signal.aborted) throw signal.reason;
			}
			this.#post({ type: "end", id });
		} catch (thrown) {
			this.#post({ type: "end", id, error: SpearError.from(thrown).toRecord() });
		}
	}
}
