import type { Config } from "../../generated/ir/config.ts";
import type { Feature } from "../../generated/ir/operations.ts";
import type { Backend, BackendKind, InstanceConfig } from "../backends/backend.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import type { MockedOperation } from "./mocked-operation.ts";
import type { MockRequest } from "./plan.ts";
import { planned } from "./planned.ts";
import { plannedKind, RequestLog } from "./planned-kind.ts";
import { type MockScript, ScriptReader } from "./script.ts";

export interface MockBackendOptions {
	/** Name of the kind, and of the instance in `config`. The default is `mock`. */
	readonly name?: string;
	/** Models that the backend serves, the default first. The default is `mock`, and any other model that a request names. */
	readonly models?: readonly string[];
	/** Features that requests may demand. The default is all features of each operation. */
	readonly features?: readonly Feature[];
	/** Clock that delays count by. The default is the clock of the system. */
	readonly clock?: Clock;
}

/** A backend that answers by a script, and keeps the requests that it received. */
export class MockBackend implements BackendKind {
	readonly name: string;
	readonly #script: ScriptReader;
	readonly #log = new RequestLog();
	readonly #kind: BackendKind;

	/** Made by {@link mockBackend}. */
	constructor(script: MockScript, { name = "mock", models, features, clock = systemClock }: MockBackendOptions) {
		this.name = name;
		this.#script = new ScriptReader(script);
		this.#kind = plannedKind({
			name,
			operations: this.#script.operations,
			clock,
			...(models === undefined ? {} : { models }),
			...(features === undefined ? {} : { features }),
			plan: async (arrived) => {
				const request = this.#log.add(arrived);
				return planned(arrived.operation, await this.#script.next(request), request);
			},
		});
	}

	/** A configuration with this backend alone, for `createHost({ kinds: [backend], config: backend.config })`. */
	get config(): Config {
		return { backends: { [this.name]: { kind: this.name } } };
	}

	/** Every request that arrived, in order. A turn of a realtime session is a request too. */
	get requests(): readonly MockRequest[] {
		return this.#log.requests;
	}

	/** Returns the requests of one operation, with the payload of that operation. */
	requestsOf<O extends MockedOperation>(operation: O): readonly MockRequest<O>[] {
		return this.#log.of(operation);
	}

	/** @throws Error if replies of the script are left, with their number by name. Call it at the end of a test. */
	assertUsed(): void {
		const unused = Object.entries(this.#script.unused());
		if (unused.length === 0) return;
		throw new Error(`replies of the script were not used: ${unused.map(([name, count]) => `${count} of ${name}`).join(", ")}`);
	}

	create(config: InstanceConfig): Backend {
		return this.#kind.create(config);
	}
}

/**
 * Returns a backend for tests, which answers by a script. The rest of the host is real: validation, router, limits, streams.
 *
 * ```ts
 * const backend = mockBackend({
 * 	chat: [{ toolCalls: [{ name: "stock", arguments: { sku: "bolt" } }] }, httpFailure(429, { retryAfterMs: 10 }), "twelve"],
 * 	embeddings: ({ payload }) => payload.input.map((text) => [text.length, 1]),
 * });
 * const host = await createHost({ kinds: [backend], config: backend.config });
 * // … run what is tested, and then:
 * const [first] = backend.requestsOf("chat_completions");
 * assert.equal(first.payload.messages.at(-1).content, [{ type: "text", text: "how many bolts?" }]);
 * backend.assertUsed();
 * ```
 *
 * A retry and a fallback are requests of their own, and use a reply each.
 *
 * @throws TypeError for a script with unknown names, and for a name that no configuration could use.
 */
export function mockBackend(script: MockScript, options: MockBackendOptions = {}): MockBackend {
	return new MockBackend(script, options);
}
