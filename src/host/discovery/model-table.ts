import type { DiscoveredModel, ProbeContext } from "../../backends/discovery.ts";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import type { Clock } from "../../time/clock.ts";

/** Time after which a list is read again, in milliseconds: ten minutes. Upstreams change their models a few times a week. */
const EXPIRY_MS = 600_000;

/** Pause after a failure, in milliseconds: one minute. */
const RETRY_MS = 60_000;

/** Longest time of a list request, in milliseconds. */
const TIMEOUT_MS = 30_000;

export interface ModelTableOptions {
	/** Lists the models of the upstream. */
	readonly list: (context: ProbeContext) => Promise<readonly DiscoveredModel[]>;
	/** Returns the key for the next request. Called for each, so that a rotated key takes effect. */
	readonly key: () => string | undefined;
	readonly clock: Clock;
	/** Called for each request that fails. */
	readonly onFailure: (error: SpearError) => void;
}

/**
 * The models that an upstream listed last. Reading never waits: an expired list is read again in the background by a single request. A
 * failure leaves the list as it is.
 */
export class ModelTable {
	readonly #options: ModelTableOptions;
	readonly #abort = new AbortController();
	#models: readonly DiscoveredModel[] = [];
	/** Time from which the next request may start. */
	#due = Number.NEGATIVE_INFINITY;
	#refreshing: Promise<void> | undefined;

	constructor(options: ModelTableOptions) {
		this.#options = options;
	}

	/** Returns the models of the last list; none before the first. Starts a request in the background if the list has expired. */
	current(): readonly DiscoveredModel[] {
		void this.refresh();
		return this.#models;
	}

	/** Reads the list again if it has expired. Resolves when no request is in flight. Never rejects. */
	refresh(): Promise<void> {
		if (this.#refreshing !== undefined) return this.#refreshing;
		if (this.#abort.signal.aborted || this.#options.clock.now() < this.#due) return Promise.resolve();
		this.#refreshing = this.#read().finally(() => {
			this.#refreshing = undefined;
		});
		return this.#refreshing;
	}

	/** Aborts a request in flight. Later calls send none. */
	close(): void {
		this.#abort.abort(new SpearError("cancelled", "the backend was shut down"));
	}

	async #read(): Promise<void> {
		const { list, key, clock, onFailure } = this.#options;
		const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(TIMEOUT_MS)]);
		try {
			if (signal.aborted) throw abortError(signal);
			this.#models = await list({ signal, apiKey: key() });
			this.#due = clock.now() + EXPIRY_MS;
		} catch (thrown) {
			this.#due = clock.now() + RETRY_MS;
			if (!this.#abort.signal.aborted) onFailure(SpearError.from(thrown));
		}
	}
}
