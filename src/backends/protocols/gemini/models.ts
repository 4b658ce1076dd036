import type { Operation } from "../../../../generated/ir/operations.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import type { DiscoveredModel, ProbeContext } from "../../discovery.ts";
import { listModels, modelLimits } from "../../kit/http/model-list.ts";
import { isObject, textOf } from "../../kit/json/guards.ts";
import { geminiErrors } from "./errors.ts";
import { apiPath } from "./method-path.ts";
import type { GeminiOptions } from "./options.ts";

/** Operations of a model, by a part of its name. The list names the methods, which chat, images and speech share. */
const BY_NAME: readonly (readonly [part: RegExp, operations: readonly Operation[]])[] = [
	[/-tts\b/, ["text_to_speech"]],
	[/-image\b/, ["chat_completions", "image_generation"]],
];

/**
 * Returns the models of `GET models` that serve an operation of this kind.
 *
 * @see https://ai.google.dev/api/models#method:-models.list
 */
export function geminiModels(http: HttpClient, options: GeminiOptions, context: ProbeContext): Promise<readonly DiscoveredModel[]> {
	const path = `${apiPath(options)}/models?pageSize=1000`;
	return listModels(
		http,
		options,
		{
			path,
			errors: geminiErrors,
			items: (page) => (isObject(page) && Array.isArray(page.models) ? page.models : undefined),
			model({ name, supportedGenerationMethods, inputTokenLimit, outputTokenLimit }) {
				const model = textOf(name)?.replace(/^models\//, "");
				const methods: readonly unknown[] = Array.isArray(supportedGenerationMethods) ? supportedGenerationMethods : [];
				const operations = operationsOf(model ?? "", methods);
				if (model === undefined || operations.length === 0) return undefined;
				return { name: model, operations, ...modelLimits(inputTokenLimit, outputTokenLimit) };
			},
			next({ nextPageToken }) {
				const token = textOf(nextPageToken);
				return token === undefined ? undefined : `${path}&pageToken=${encodeURIComponent(token.toWellFormed())}`;
			},
		},
		context,
	);
}

function operationsOf(model: string, methods: readonly unknown[]): readonly Operation[] {
	if (methods.includes("embedContent")) return ["embeddings"];
	if (!methods.includes("generateContent")) return [];
	return BY_NAME.find(([part]) => part.test(model))?.[1] ?? ["chat_completions"];
}
