import type { BackendContext } from "../../generated/backends/backend.ts";
import type { ChatCompletionsBackend } from "../../generated/backends/chat-completions.ts";
import type { BackendOperations } from "../../generated/backends/operations.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { ModelLimits, PriceConfig } from "../../generated/ir/config.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Feature, Operation, Transport } from "../../generated/ir/operations.ts";
import type { FieldRules } from "../../src/backends/rules.ts";
import type { Capabilities, Instance, Model, Rates } from "../../src/router/instances/instance.ts";
import { KeyPool, type KeyPoolOptions } from "../../src/router/instances/keys/key-pool.ts";
import { InstanceStats } from "../../src/router/instances/stats/instance-stats.ts";
import { DEFAULT_ROUTER, type RouterSettings } from "../../src/router/settings.ts";
import { seededRandom } from "../../src/time/random.ts";
import { chatResponse } from "./chat.ts";

export const NO_OPERATIONS: BackendOperations = {
	chat_completions: undefined,
	embeddings: undefined,
	image_generation: undefined,
	realtime_voice: undefined,
	speech_to_text: undefined,
	text_to_speech: undefined,
};

export interface FakeInstanceOptions {
	readonly features?: readonly Feature[];
	readonly transports?: readonly Transport[];
	readonly operations?: readonly Operation[];
	/** Names of models, or models with settings. */
	readonly models?: readonly (string | (Partial<Model> & Pick<Model, "name">))[];
	readonly hasKey?: boolean;
	/** Keys that the test can change. The default is one key that is always present. */
	readonly keys?: Partial<KeyPoolOptions>;
	readonly weight?: number;
	readonly priority?: number;
	readonly region?: string;
	readonly concurrency?: number;
	readonly limits?: ModelLimits;
	readonly rates?: Partial<Rates>;
	readonly price?: PriceConfig;
	/** Rules of the requests. The default is that every field passes. */
	readonly rules?: FieldRules;
	/** Settings of the circuit breaker and of the windows. */
	readonly settings?: RouterSettings;
	readonly random?: () => number;
	/** Called with each request that the backend receives. */
	readonly onRequest?: (request: RequestEnvelope<"chat_completions">) => void;
	readonly unary?: (context: BackendContext) => Promise<cchat.Response>;
	readonly stream?: (context: BackendContext) => AsyncIterable<cchat.Event>;
}

/** Returns the statistics of an instance without history. */
export function newSignals(settings: RouterSettings = DEFAULT_ROUTER, random = seededRandom(1)): InstanceStats {
	const { breaker, ejection, slowStartMs } = settings;
	return new InstanceStats({ breaker, intervalMs: ejection.intervalMs, slowStartMs }, random);
}

/** Creates an instance of the router whose backend is two functions. */
export function fakeInstance(name: string, options: FakeInstanceOptions = {}): Instance {
	const random = options.random ?? seededRandom(1);
	const capabilities: Capabilities = {
		features: new Set(options.features ?? []),
		transports: new Set(options.transports ?? ["unary", "server_stream"]),
		models: (options.models ?? ["m"]).map((model) => ({
			aliases: [],
			limits: {},
			price: undefined,
			...(typeof model === "string" ? { name: model } : model),
		})),
		voices: [],
		limits: options.limits ?? {},
		rates: { concurrency: Number.POSITIVE_INFINITY, requestsPerMinute: undefined, tokensPerMinute: undefined, ...options.rates },
		price: options.price,
		rules: options.rules,
	};
	const chat: ChatCompletionsBackend = {
		unary: (request, context) => {
			options.onRequest?.(request);
			return (options.unary ?? (async () => chatResponse(name)))(context);
		},
		stream: (request, context) => {
			options.onRequest?.(request);
			return (options.stream ?? completesAtOnce)(context);
		},
	};
	const source = { read: () => ((options.hasKey ?? true) ? "key" : undefined) };
	return {
		name,
		kind: "fake",
		backend: { operations: { ...NO_OPERATIONS, chat_completions: chat }, capabilities: {}, close: async () => {} },
		operations: new Map((options.operations ?? ["chat_completions"]).map((operation) => [operation, capabilities])),
		weight: options.weight ?? 1,
		priority: options.priority ?? 0,
		region: options.region,
		concurrency: options.concurrency ?? Number.POSITIVE_INFINITY,
		keys: new KeyPool({ sources: [source], policy: "round_robin", random, ...options.keys }),
		stats: newSignals(options.settings, random),
	};
}

async function* completesAtOnce(): AsyncGenerator<cchat.Event> {
	yield { type: "completed", completed: chatResponse("done") };
}
