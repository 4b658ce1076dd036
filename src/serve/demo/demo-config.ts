import type { Config } from "../../../generated/ir/config.ts";
import type { SimulatedModel } from "./simulated-kind.ts";

/** Time after which the incidents of the demonstration recur, in milliseconds. */
export const DEMO_CYCLE_MS = 120_000;

/** Variable that holds the admin key of the demonstration. Not one of the process: the demonstration sets it for its host alone. */
export const DEMO_KEY_ENV = "SPEAR_DEMO_ADMIN_KEY";

/**
 * The upstreams of the demonstration. In each cycle, one upstream becomes slow, one is dead for a while, one asks its callers to slow down, and one fails
 * now and then. One has a heavy tail, which hedges hide.
 */
export const DEMO_MODELS: ReadonlyMap<string, SimulatedModel> = new Map<string, SimulatedModel>([
	[
		"aurora-eu",
		{
			operations: ["chat_completions"],
			upstream: {
				latency: { medianMs: 240, sigma: 0.35, tail: { part: 0.06, factor: 8 } },
				phases: [{ from: 50_000, to: 62_000, condition: { type: "status", status: 503 } }],
			},
		},
	],
	[
		"aurora-us",
		{
			operations: ["chat_completions"],
			upstream: {
				latency: { medianMs: 300, sigma: 0.3, tail: { part: 0.06, factor: 7 } },
				phases: [{ from: 80_000, to: 100_000, condition: { type: "answers", slower: 9 } }],
			},
		},
	],
	[
		"borealis",
		{
			operations: ["chat_completions"],
			upstream: {
				latency: { medianMs: 420, sigma: 0.3 },
				phases: [{ from: 15_000, to: 30_000, condition: { type: "dead" } }],
			},
			emulates: { "response_format.json_schema": "requested through a tool that the answer must call" },
			drops: { "params.seed": "the upstream has no seed" },
		},
	],
	[
		"pocket",
		{
			operations: ["chat_completions"],
			upstream: {
				latency: { medianMs: 120, sigma: 0.25 },
				phases: [{ from: 66_000, to: 74_000, condition: { type: "status", status: 429, retryAfterMs: 3_000 } }],
			},
			drops: { "params.seed": "the upstream has no seed", "params.frequency_penalty": "the upstream has no penalties" },
		},
	],
	["vectors-a", { operations: ["embeddings"], upstream: { latency: { medianMs: 35, sigma: 0.3 } } }],
	[
		"vectors-b",
		{
			operations: ["embeddings"],
			upstream: {
				latency: { medianMs: 45, sigma: 0.3, tail: { part: 0.02, factor: 10 } },
				phases: [{ from: 38_000, to: 46_000, condition: { type: "dead" } }],
			},
		},
	],
	[
		"listener",
		{
			operations: ["speech_to_text"],
			upstream: {
				latency: { medianMs: 900, sigma: 0.4 },
				phases: [{ from: 104_000, to: 112_000, condition: { type: "status", status: 500 } }],
			},
		},
	],
]);

/**
 * The configuration of the demonstration: the router's defaults, but for a log that keeps every decision, hedges for chats, and shorter times so that
 * incidents end within a minute.
 */
export const DEMO_CONFIG: Config = {
	server: { admin_key_env: DEMO_KEY_ENV },
	host: { log_level: "silent", timeout_ms: 10_000 },
	router: { decision_log: { sample_percent: 100, capacity: 2_000 }, breaker: { base_open_ms: 3_000, max_open_ms: 8_000 } },
	routes: { chat_completions: { hedge: { delay_ms: 700, budget_percent: 10 } } },
	backends: {
		"aurora-eu": {
			kind: "simulated",
			models: ["aurora-large"],
			region: "eu",
			weight: 2,
			limits: { concurrency: 24 },
			price: { input: 2.5, output: 10 },
		},
		"aurora-us": {
			kind: "simulated",
			models: ["aurora-large"],
			region: "us",
			limits: { concurrency: 24 },
			price: { input: 2.5, output: 10 },
		},
		borealis: {
			kind: "simulated",
			models: [{ name: "borealis-2", aliases: ["aurora-large"] }],
			region: "eu",
			priority: 0,
			limits: { concurrency: 16 },
			price: { input: 3, output: 12 },
		},
		pocket: {
			kind: "simulated",
			models: ["pocket-mini"],
			limits: { concurrency: 8, requests_per_minute: 240 },
			price: { input: 0.1, output: 0.4 },
		},
		"vectors-a": { kind: "simulated", models: ["vectors-3"], weight: 3, price: { input: 0.02 } },
		"vectors-b": { kind: "simulated", models: ["vectors-3"], price: { input: 0.02 } },
		listener: { kind: "simulated", models: ["listener-1"], price: { audio_minute: 0.006 } },
	},
	guests: {
		"shop-assistant": { requests_per_minute: 300, budget: { amount: 5, per: "day" } },
		"support-desk": { tokens_per_minute: 60_000, budget: { amount: 2, per: "day" } },
		"nightly-batch": { requests_per_minute: 60, concurrency: 4, budget: { amount: 0.05, per: "hour" } },
		"search-index": { requests_per_minute: 600 },
	},
};
