import type { FormPart, UpstreamRequest } from "../../../../src/backend-conformance.ts";

/** The key of the conformance suite. */
export const KEY = "sk-canary-7f3a9c1e5b2d";

/** Returns a request with this body in JSON. */
export function postOf(path: string, json: object): UpstreamRequest {
	return { method: "POST", path: `/v1${path}`, headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" }, json };
}

/** Returns a request with this form. */
export function formOf(path: string, form: readonly FormPart[]): UpstreamRequest {
	return {
		method: "POST",
		path: `/v1${path}`,
		headers: { authorization: `Bearer ${KEY}`, "content-type": /^multipart\/form-data; boundary=/ },
		form,
	};
}
