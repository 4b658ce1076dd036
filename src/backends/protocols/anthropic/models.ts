import type { HttpClient } from "../../../transport/http/client.ts";
import type { DiscoveredModel, ProbeContext } from "../../discovery.ts";
import { listModels, modelLimits } from "../../kit/http/model-list.ts";
import { isObject, textOf } from "../../kit/json/guards.ts";
import { anthropicErrors } from "./errors.ts";
import { type AnthropicOptions, apiPath } from "./options.ts";

/**
 * Returns the models of `GET /v1/models`. Retired models are left out, because requests that name them fail.
 *
 * @see https://platform.claude.com/docs/en/api/models/list
 */
export function anthropicModels(http: HttpClient, options: AnthropicOptions, context: ProbeContext): Promise<readonly DiscoveredModel[]> {
	const path = `${apiPath(options, "/models")}?limit=1000`;
	return listModels(
		http,
		options,
		{
			path,
			headers: { "anthropic-version": options.version },
			errors: anthropicErrors,
			items: (page) => (isObject(page) && Array.isArray(page.data) ? page.data : undefined),
			model({ id, lifecycle, max_input_tokens, max_tokens }) {
				const name = textOf(id);
				if (name === undefined || lifecycle === "retired") return undefined;
				// The name without its date is an alias of the newest snapshot.
				const alias = name.replace(/-20\d{6}$/, "");
				return {
					name,
					...(alias === name ? {} : { aliases: [alias] }),
					operations: ["chat_completions"],
					...modelLimits(max_input_tokens, max_tokens),
				};
			},
			next({ has_more, last_id }) {
				const last = has_more === true ? textOf(last_id) : undefined;
				return last === undefined ? undefined : `${path}&after_id=${encodeURIComponent(last.toWellFormed())}`;
			},
		},
		context,
	);
}
