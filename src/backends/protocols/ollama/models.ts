import type { Operation } from "../../../../generated/ir/operations.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import type { DiscoveredModel, ProbeContext } from "../../discovery.ts";
import { authHeaders } from "../../kit/auth.ts";
import { listModels, modelLimits, nameOf } from "../../kit/http/model-list.ts";
import { isObject, type JsonObject, textOf } from "../../kit/json/guards.ts";
import { ollamaErrors } from "./errors.ts";
import type { OllamaOptions } from "./options.ts";

/** Most models whose details are asked for one by one. Servers since 0.13 state the details in the list. */
const MAX_ASKED = 100;

/** Requests for details at once. */
const CONCURRENCY = 4;

/**
 * Returns the models of `GET /api/tags`, with the details of `POST /api/show` where the list has none.
 *
 * @see https://docs.ollama.com/api/tags
 * @see https://docs.ollama.com/api-reference/show-model-details
 */
export async function ollamaModels(http: HttpClient, options: OllamaOptions, context: ProbeContext): Promise<readonly DiscoveredModel[]> {
	const dialect = {
		path: "/api/tags",
		errors: ollamaErrors,
		items: (page: unknown) => (isObject(page) && Array.isArray(page.models) ? page.models : undefined),
		model(item: JsonObject): DiscoveredModel | undefined {
			const name = nameOf(item, "model", "name");
			const { capabilities, details } = item;
			if (name === undefined) return undefined;
			// A name without a tag means this tag.
			const aliases = name.endsWith(":latest") ? { aliases: [name.slice(0, -":latest".length)] } : {};
			return { name, ...aliases, ...described(capabilities, isObject(details) ? details.context_length : undefined) };
		},
	};
	const models = await listModels(http, options, dialect, context);
	const pending = models.filter(({ operations }) => operations === undefined).slice(0, MAX_ASKED);
	const details = new Map<string, Partial<DiscoveredModel>>();
	const ask = async (): Promise<void> => {
		for (let model = pending.pop(); model !== undefined; model = pending.pop())
			details.set(model.name, await show(http, options, model.name, context));
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, ask));
	return models.map((model) => ({ ...details.get(model.name), ...model }));
}

/** Returns the details of a model; none if the request fails, for example because the model was removed meanwhile. */
async function show(
	http: HttpClient,
	options: OllamaOptions,
	model: string,
	{ signal, apiKey }: ProbeContext,
): Promise<Partial<DiscoveredModel>> {
	try {
		const request = { method: "POST", path: "/api/show", headers: authHeaders(options, apiKey), json: { model } } as const;
		const { value } = await http.requestJson({ ...request, secret: apiKey, signal });
		const { capabilities, model_info } = isObject(value) ? value : {};
		return described(capabilities, isObject(model_info) ? contextOf(model_info) : undefined);
	} catch (thrown) {
		if (signal.aborted) throw thrown;
		return {};
	}
}

/** Returns the context of a model, whose member begins with the name of the architecture, such as `llama.context_length`. */
function contextOf(info: JsonObject): unknown {
	return info[`${textOf(info["general.architecture"]) ?? ""}.context_length`];
}

/** Returns operations and limits. No operations if the server does not state the capabilities. */
function described(capabilities: unknown, context: unknown): Partial<DiscoveredModel> {
	if (!Array.isArray(capabilities)) return modelLimits(context);
	const operations: Operation[] = [];
	if (capabilities.includes("completion")) operations.push("chat_completions");
	if (capabilities.includes("embedding")) operations.push("embeddings");
	return { operations, ...modelLimits(context) };
}
