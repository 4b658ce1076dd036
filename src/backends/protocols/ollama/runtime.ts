import type { OllamaOptions } from "./options.ts";

/** Members of every request that say how its model runs. */
interface ModelMembers {
	readonly keep_alive?: string;
	readonly options?: { readonly [name: string]: unknown };
}

/** Options of the run time that `provider_options` can name. The upstream expects them within `options`. */
const RUNTIME_OPTIONS: ReadonlySet<string> = new Set([
	"draft_num_predict",
	"main_gpu",
	"min_p",
	"mirostat",
	"mirostat_eta",
	"mirostat_tau",
	"num_batch",
	"num_ctx",
	"num_gpu",
	"num_keep",
	"num_thread",
	"repeat_last_n",
	"repeat_penalty",
	"tfs_z",
	"top_k",
	"typical_p",
	"use_mmap",
]);

/** Returns the members for the model, from the options of the instance and those of a request. */
export function modelMembers(
	{ keepAlive, numCtx }: Pick<OllamaOptions, "keepAlive" | "numCtx">,
	runtime: { readonly [name: string]: unknown } = {},
): ModelMembers {
	const options = { ...runtime, ...(numCtx === undefined ? {} : { num_ctx: numCtx }) };
	return {
		...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
		...(Object.keys(options).length === 0 ? {} : { options }),
	};
}

/** Returns a request with the members that `provider_options` adds: those of the run time within `options`, all others beside them. */
export function withAdded<R extends ModelMembers>(request: R, added: { readonly [name: string]: unknown }): R {
	const names = Object.keys(added);
	if (names.length === 0) return request;
	const pick = (wanted: (name: string) => boolean) => Object.fromEntries(names.filter(wanted).map((name) => [name, added[name]]));
	const runtime = pick((name) => RUNTIME_OPTIONS.has(name));
	const options = Object.keys(runtime).length === 0 ? {} : { options: { ...request.options, ...runtime } };
	return { ...request, ...pick((name) => !RUNTIME_OPTIONS.has(name)), ...options };
}
