import type { BackendOperations } from "../../generated/backends/operations.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { Backend } from "../../src/backends/backend.ts";
import { allPass } from "../../src/backends/rule-groups.ts";
import { buildInstance } from "../../src/router/instances/build-instance.ts";
import type { Instance } from "../../src/router/instances/instance.ts";
import { KeyPool } from "../../src/router/instances/keys/key-pool.ts";
import { InstanceStats } from "../../src/router/instances/stats/instance-stats.ts";
import type { RouterSettings } from "../../src/router/settings.ts";
import { Upstream, type UpstreamModel } from "../../src/simulation/upstream.ts";
import type { Clock } from "../../src/time/clock.ts";
import { type Random, seededRandom } from "../../src/time/random.ts";

/** The configuration of an instance, and the model of its upstream. */
export interface InstanceModel extends UpstreamModel {
	readonly name: string;
	/** The default is 1. */
	readonly weight?: number;
	/** The default is 0. */
	readonly priority?: number;
	readonly region?: string;
	/** Limit of concurrent requests. The default is none. */
	readonly concurrency?: number;
	/** API keys. The default is none. */
	readonly keys?: readonly string[];
}

/** Instances of a router, and their modelled upstreams. */
export interface ModelledBackends {
	readonly instances: readonly Instance[];
	/** By the name of the instance. */
	readonly upstreams: ReadonlyMap<string, Upstream>;
}

export interface ModelContext {
	readonly seed: number;
	readonly clock: Clock;
	readonly settings: RouterSettings;
}

export function buildBackends(models: readonly InstanceModel[], { seed, clock, settings }: ModelContext): ModelledBackends {
	const random = seededRandom(seed);
	const upstreams = new Map<string, Upstream>();
	const instances = models.map((model, index) => {
		const upstream = new Upstream(model, clock, seededRandom(seed + 1 + index));
		upstreams.set(model.name, upstream);
		return instanceOf(model, upstream, settings, random);
	});
	return { instances, upstreams };
}

/**
 * Builds an instance of a router.
 *
 * @param upstream Serves the requests. Several routers may share it.
 */
export function instanceOf(model: InstanceModel, upstream: Pick<Upstream, "serve">, settings: RouterSettings, random: Random): Instance {
	const { breaker, ejection, slowStartMs } = settings;
	return buildInstance(backendOf(model.name, upstream), {
		name: model.name,
		kind: "modelled",
		models: [{ name: "m", operations: undefined }],
		operations: undefined,
		features: undefined,
		transports: undefined,
		weight: model.weight ?? 1,
		priority: model.priority ?? 0,
		region: model.region,
		limits: model.concurrency === undefined ? {} : { concurrency: model.concurrency },
		operationLimits: new Map(),
		price: undefined,
		keys: new KeyPool({ sources: (model.keys ?? []).map((key) => ({ read: () => key })), policy: "round_robin", random }),
		stats: new InstanceStats({ breaker, intervalMs: ejection.intervalMs, slowStartMs }, random),
	});
}

function backendOf(name: string, upstream: Pick<Upstream, "serve">): Backend {
	const answer: cchat.Response = { model: name, message: { role: "assistant", content: [], tool_calls: [] }, finish_reason: "stop" };
	const operations: BackendOperations = {
		chat_completions: {
			unary: async ({ task_id }, { signal, apiKey }) => {
				await upstream.serve(signal, apiKey, task_id);
				return answer;
			},
			stream: async function* ({ task_id }, { signal, apiKey }) {
				await upstream.serve(signal, apiKey, task_id);
				yield { type: "completed", completed: answer };
			},
		},
		embeddings: undefined,
		image_generation: undefined,
		realtime_voice: undefined,
		speech_to_text: undefined,
		text_to_speech: undefined,
	};
	return {
		operations,
		capabilities: { chat_completions: { features: [], transports: ["unary", "server_stream"], rules: allPass("chat_completions") } },
		close: async () => {},
	};
}
