import type { Operation } from "../../../../generated/ir/operations.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import type { DiscoveredModel, ProbeContext } from "../../discovery.ts";
import type { EndpointOptions } from "../../kit/endpoint-options.ts";
import { listModels, modelLimits, nameOf } from "../../kit/http/model-list.ts";
import { isObject, type JsonObject, textOf } from "../../kit/json/guards.ts";

/** Operations by the types of models that Together and LM Studio name. */
const OPERATIONS: ReadonlyMap<string, readonly Operation[]> = new Map([
	["chat", ["chat_completions"]],
	["language", ["chat_completions"]],
	["llm", ["chat_completions"]],
	["vlm", ["chat_completions"]],
	["embedding", ["embeddings"]],
	["embeddings", ["embeddings"]],
	["image", ["image_generation"]],
	["audio", ["text_to_speech"]],
	["transcribe", ["speech_to_text"]],
]);

/** Members in which servers state the context of a model: vLLM, OpenRouter and Together, Groq, Mistral, LM Studio. */
const CONTEXTS = ["max_model_len", "context_length", "context_window", "max_context_length", "loaded_context_length"];

/**
 * Returns the models of `GET /models`. OpenAI's own list states neither operations nor limits; compatible servers do.
 *
 * @see https://platform.openai.com/docs/api-reference/models/list
 * @see https://openrouter.ai/docs/api-reference/list-available-models
 * @see https://lmstudio.ai/docs/developer/rest/endpoints
 */
export function openAiModels(
	http: HttpClient,
	options: Pick<EndpointOptions, "authHeader">,
	context: ProbeContext,
): Promise<readonly DiscoveredModel[]> {
	return listModels(http, options, { path: "/models", items, model }, context);
}

/** Together sends the list itself. */
function items(page: unknown): readonly unknown[] | undefined {
	if (Array.isArray(page)) return page;
	if (!isObject(page)) return undefined;
	return Array.isArray(page.data) ? page.data : Array.isArray(page.models) ? page.models : undefined;
}

function model(item: JsonObject): DiscoveredModel | undefined {
	const name = nameOf(item, "id", "name");
	if (name === undefined) return undefined;
	const operations = OPERATIONS.get(textOf(item.type) ?? "");
	const { top_provider, meta } = item;
	const provider = isObject(top_provider) ? top_provider : {};
	const llamaCpp = isObject(meta) ? meta.n_ctx_train : undefined;
	const context = CONTEXTS.map((member) => item[member]).find((value) => typeof value === "number") ?? llamaCpp;
	const output = item.max_completion_tokens ?? item.max_output_tokens ?? provider.max_completion_tokens;
	return { name, ...(operations === undefined ? {} : { operations }), ...modelLimits(provider.context_length ?? context, output) };
}
