import type { ModelLimits } from "../../../../generated/ir/config.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import { malformedError } from "../../../transport/http/failure.ts";
import { type DiscoveredModel, MAX_MODEL_NAME, MAX_MODELS, type ProbeContext } from "../../discovery.ts";
import { authHeaders } from "../auth.ts";
import type { EndpointOptions } from "../endpoint-options.ts";
import { countOf, isObject, type JsonObject, textOf } from "../json/guards.ts";
import type { VendorErrors } from "./vendor-errors.ts";

/** A vendor's list of models: JSON by GET, page by page. */
export interface ModelListDialect {
	/** Path of the first page, with its query. Begins with `/`. */
	readonly path: string;
	/** Headers beside that of the key. Names are in lower case. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Reports of errors within a successful answer. Absent: the vendor makes none. */
	readonly errors?: VendorErrors;
	/** Returns the items of a page. `undefined` for a value that is no list of models. */
	items(page: unknown): readonly unknown[] | undefined;
	/** Returns the model that an item describes. `undefined` for an item that is none, or that requests cannot use. */
	model(item: JsonObject): DiscoveredModel | undefined;
	/** Returns the path of the page that follows. `undefined` for the last. The default is a list of one page. */
	next?(page: JsonObject): string | undefined;
}

/** Most pages of a list. A larger number is an upstream that repeats itself. */
const MAX_PAGES = 100;

/**
 * Returns the models that an upstream lists, each name once. Leaves out names that repeat the key.
 *
 * @throws SpearError the failure of a request; `backend_error` for an answer that is no list of models, or that never ends.
 */
export async function listModels(
	http: HttpClient,
	options: Pick<EndpointOptions, "authHeader">,
	dialect: ModelListDialect,
	{ signal, apiKey }: ProbeContext,
): Promise<readonly DiscoveredModel[]> {
	const models = new Map<string, DiscoveredModel>();
	const headers = { ...authHeaders(options, apiKey), ...dialect.headers };
	let path: string | undefined = dialect.path;
	for (let pages = 0; path !== undefined; pages++) {
		if (pages === MAX_PAGES) throw new SpearError("backend_error", `the backend's list of models has more than ${MAX_PAGES} pages`);
		const { value, text, exchange } = await http.requestJson({ method: "GET", path, headers, secret: apiKey, signal });
		throwReported(value, exchange, dialect.errors);
		const items = dialect.items(value);
		if (items === undefined) throw malformedError(exchange, "it is no list of models", text);
		for (const item of items) {
			const model = isObject(item) ? dialect.model(item) : undefined;
			if (model === undefined || model.name.length > MAX_MODEL_NAME || exchange.redact(model.name) !== model.name) continue;
			if (models.size === MAX_MODELS) return [...models.values()];
			if (!models.has(model.name)) models.set(model.name, model);
		}
		path = isObject(value) ? dialect.next?.(value) : undefined;
	}
	return [...models.values()];
}

function throwReported(page: unknown, exchange: Exchange, errors: VendorErrors | undefined): void {
	const reported = errors?.reported(page);
	if (errors !== undefined && reported !== undefined) throw errors.reportedError(exchange, reported);
}

/** Returns the limits that an upstream states. A limit of 0 is none: some servers write it for an unknown one. */
export function modelLimits(context: unknown, output?: unknown): Pick<DiscoveredModel, "limits"> {
	const [context_tokens, output_tokens] = [countOf(context), countOf(output)];
	const limits: ModelLimits = {
		...(context_tokens === undefined || context_tokens === 0 ? {} : { context_tokens }),
		...(output_tokens === undefined || output_tokens === 0 ? {} : { output_tokens }),
	};
	return Object.keys(limits).length === 0 ? {} : { limits };
}

/** Returns the first of these members that is a text. */
export function nameOf(item: JsonObject, ...members: readonly string[]): string | undefined {
	for (const member of members) {
		const name = textOf(item[member]);
		if (name !== undefined) return name;
	}
	return undefined;
}
