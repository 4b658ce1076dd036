import { setTimeout as sleep } from "node:timers/promises";
import type * as asr from "../../../generated/ir/asr.ts";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { OPERATIONS, type Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { BackendKind } from "../../backends/backend.ts";
import { type BackendInstance, defineBackend, type OperationDefinition } from "../../backends/define-backend.ts";
import { allPass } from "../../backends/rule-groups.ts";
import { drop, emulate, type FieldRules } from "../../backends/rules.ts";
import type { UpstreamModel } from "../../simulation/upstream.ts";
import type { Clock } from "../../time/clock.ts";
import type { Random } from "../../time/random.ts";
import { RecurringUpstream } from "./recurring-upstream.ts";

/** An instance of a demonstration. */
export interface SimulatedModel {
	readonly operations: readonly ("chat_completions" | "embeddings" | "speech_to_text")[];
	readonly upstream: UpstreamModel;
	/** Fields of a chat that the instance emulates or drops, each with the reason. The default is none. */
	readonly emulates?: Readonly<Record<string, string>>;
	readonly drops?: Readonly<Record<string, string>>;
}

export interface SimulatedKindOptions {
	/** The instances, by name. */
	readonly models: ReadonlyMap<string, SimulatedModel>;
	/** Time after which the phases of all upstreams recur, in milliseconds. */
	readonly cycleMs: number;
	readonly clock: Clock;
	readonly random: Random;
}

/** Pause between two events of a stream, in milliseconds. */
const EVENT_PAUSE_MS = 25;
/** Longest answer of a chat, in words. */
const MAX_WORDS = 60;
const DIMENSIONS = 8;

/**
 * Returns the backend kind `simulated`: the upstreams of the router's simulation in real time. Latencies are drawn, failures come by the phases of
 * each model, and the answers are made up. No request leaves the process.
 */
export function simulatedKind({ models, cycleMs, clock, random }: SimulatedKindOptions): BackendKind {
	return defineBackend({
		name: "simulated",
		create({ name }): BackendInstance {
			const model = models.get(name);
			if (model === undefined) throw new TypeError(`backend '${name}': the demonstration has no model of that name`);
			const upstream = new RecurringUpstream(model.upstream, cycleMs, clock, random);
			const operations: { [O in Operation]?: OperationDefinition<O> } = {};
			if (model.operations.includes("chat_completions")) operations.chat_completions = chat(name, model, upstream, random);
			if (model.operations.includes("embeddings")) operations.embeddings = embeddings(name, upstream);
			if (model.operations.includes("speech_to_text")) operations.speech_to_text = transcripts(upstream);
			return { operations };
		},
	});
}

function chat(
	name: string,
	{ emulates = {}, drops = {} }: SimulatedModel,
	upstream: RecurringUpstream,
	random: Random,
): OperationDefinition<"chat_completions"> {
	const answer = ({ messages, model, params }: cchat.Request): cchat.Response => {
		const words = Math.min(params?.max_output_tokens ?? MAX_WORDS, 5 + Math.floor(random() * MAX_WORDS));
		const content: cchat.ContentPart[] = [{ type: "text", text: `simulated answer of ${name}:${" word".repeat(words)}` }];
		const input_tokens = Math.ceil(JSON.stringify(messages).length / 4);
		return {
			model: model ?? name,
			message: { role: "assistant", content, tool_calls: [] },
			finish_reason: "stop",
			usage: { input_tokens, output_tokens: words, total_tokens: input_tokens + words },
		};
	};
	return {
		features: OPERATIONS.chat_completions.features,
		rules: rulesOf(emulates, drops),
		async unary({ payload }, { signal, guest }) {
			await upstream.serve(signal, guest);
			return answer(payload);
		},
		async *stream({ payload }, { signal, guest }) {
			await upstream.serve(signal, guest);
			const response = answer(payload);
			for (const word of textOf(response).split(" ")) {
				yield { type: "text", text: `${word} ` };
				await sleep(EVENT_PAUSE_MS, undefined, { signal, ref: false });
			}
			if (response.usage !== undefined) yield { type: "usage", usage: response.usage };
			yield { type: "completed", completed: response };
		},
	};
}

function textOf({ message }: cchat.Response): string {
	return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

function rulesOf(emulates: Readonly<Record<string, string>>, drops: Readonly<Record<string, string>>): FieldRules<"chat_completions"> {
	const rules = { ...allPass("chat_completions") };
	const changed = [
		...Object.entries(emulates).map(([field, reason]) => [field, emulate(reason)]),
		...Object.entries(drops).map(([field, reason]) => [field, drop(reason)]),
	];
	return Object.assign(rules, Object.fromEntries(changed));
}

function embeddings(name: string, upstream: RecurringUpstream): OperationDefinition<"embeddings"> {
	return {
		features: OPERATIONS.embeddings.features,
		async unary({ payload }, { signal, guest }) {
			await upstream.serve(signal, guest);
			const { model = name, input } = payload;
			const usage: types.Usage = { input_tokens: input.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0) };
			return { model, dimensions: DIMENSIONS, vectors: input.map(() => new Float32Array(DIMENSIONS).fill(1)), usage };
		},
	};
}

function transcripts(upstream: RecurringUpstream): OperationDefinition<"speech_to_text"> {
	return {
		features: OPERATIONS.speech_to_text.features,
		async unary(_, { signal, guest }): Promise<asr.Response> {
			await upstream.serve(signal, guest);
			return { text: "simulated transcript", segments: [], words: [] };
		},
	};
}
