/** Instances for the benchmark of the router: many, with one backend that answers at once in this process. */

import type { RequestEnvelope } from "../generated/ir/envelope.ts";
import type { Backend } from "../src/backends/backend.ts";
import { allPass } from "../src/backends/rule-groups.ts";
import { routerSettings } from "../src/config/router-settings.ts";
import { buildInstance } from "../src/router/instances/build-instance.ts";
import type { Instance } from "../src/router/instances/instance.ts";
import { KeyPool } from "../src/router/instances/keys/key-pool.ts";
import { InstanceStats } from "../src/router/instances/stats/instance-stats.ts";
import type { Random } from "../src/time/random.ts";

const ANSWER = {
	model: "m",
	message: { role: "assistant" as const, content: [{ type: "text" as const, text: "Hi" }], tool_calls: [] },
	finish_reason: "stop" as const,
	usage: { input_tokens: 9, output_tokens: 2 },
};

const BACKEND: Backend = {
	operations: {
		chat_completions: {
			unary: async () => ANSWER,
			// biome-ignore lint/correctness/useYield: never called
			stream: async function* () {
				throw new Error("the benchmark requests whole answers only");
			},
		},
		embeddings: undefined,
		image_generation: undefined,
		realtime_voice: undefined,
		speech_to_text: undefined,
		text_to_speech: undefined,
	},
	capabilities: { chat_completions: { features: ["supports_tools"], transports: ["unary"], rules: allPass("chat_completions") } },
	close: async () => {},
};

/** Returns `count` instances that serve the model `m`, with weights 1 to 4 in turn and a key each, and as many that do not serve it. */
export function benchInstances(count: number, random: Random): Instance[] {
	const { breaker, ejection, slowStartMs } = routerSettings();
	return Array.from({ length: 2 * count }, (_, index) => {
		const serves = index % 2 === 0;
		const keys = new KeyPool({ sources: [{ read: () => "key" }], policy: "round_robin", random });
		const stats = new InstanceStats({ breaker, intervalMs: ejection.intervalMs, slowStartMs }, random);
		const instance = buildInstance(BACKEND, {
			name: `backend-${index}`,
			kind: "bench",
			models: [{ name: serves ? "m" : "other", operations: undefined }],
			operations: undefined,
			features: undefined,
			transports: undefined,
			weight: 1 + ((index >> 1) % 4),
			priority: 0,
			region: undefined,
			limits: { context_tokens: 128_000, concurrency: 1_000 },
			operationLimits: new Map(),
			price: { input: 1, output: 2 },
			keys,
			stats,
		});
		instance.stats.latency("chat_completions/unary").ewma.observe(50 + 100 * random(), 0);
		return instance;
	});
}

/** Returns a chat request as `normalize` makes it. */
export function benchRequest(index: number): RequestEnvelope<"chat_completions"> {
	return {
		version: 1,
		request_id: `r${index}`,
		operation: "chat_completions",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: ["supports_tools"], required_transports: ["unary"] },
		timeout_ms: 60_000,
		size: { input_tokens: 12 },
		payload: { model: "m", messages: [{ role: "user", content: [{ type: "text", text: "hello" }], tool_calls: [] }], tools: [] },
		provider_options: {},
	};
}
