import { guestName } from "../../../errors/guest-name.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { GeminiOptions } from "./options.ts";

/** Methods of a model. */
export type Method = "generateContent" | "streamGenerateContent?alt=sse" | "batchEmbedContents";

/** Matches the name of a model, or its path. No segment begins with a dot, and none has the colon that separates a method. */
const MODEL = /^[\w@-][\w.@-]{0,199}(?:\/[\w@-][\w.@-]{0,199}){0,9}$/;

/** Matches the path of a base URL that names a version, such as that of a project at Vertex AI. */
const VERSIONED = /\/v\d[a-z0-9]{0,10}(?:\/|$)/;

/**
 * Returns the path of a model, such as `models/gemini-3.8-flash`.
 *
 * @throws SpearError `invalid_request` for a name that would change the path of the request.
 */
export function modelPath(model: string): string {
	if (!MODEL.test(model)) throw new SpearError("invalid_request", `model: "${guestName(model)}" cannot be the name of a model`);
	return model.includes("/") ? model : `models/${model}`;
}

/** Returns the version for the beginning of a path. Empty if the base URL names one. */
export function apiPath({ baseUrl, version }: Pick<GeminiOptions, "baseUrl" | "version">): string {
	return VERSIONED.test(baseUrl.pathname) ? "" : `/${version}`;
}

/** Returns the path of a method, to append to the base URL. */
export function methodPath(options: Pick<GeminiOptions, "baseUrl" | "version">, model: string, method: Method): string {
	return `${apiPath(options)}/${modelPath(model)}:${method}`;
}
